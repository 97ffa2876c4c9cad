# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_guuru_global_optspecs
    string join \n o/output= q/quiet v/verbose color= profile= endpoint= config-dir= state-dir= h/help V/version
end

function __fish_guuru_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_guuru_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_guuru_using_subcommand
    set -l cmd (__fish_guuru_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c guuru -n "__fish_guuru_needs_command" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_needs_command" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_needs_command" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_needs_command" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_needs_command" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_needs_command" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_needs_command" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_needs_command" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_needs_command" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "listen" -d 'Receive webhooks and write each verified event as one line of JSON'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "persona" -d 'Create personas, and look at the local map of agents to personas'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "chat" -d 'Accept chats, send messages, close and open chats'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "batch" -d 'Carry out commands from stdin, one JSON object a line, and write one result a line'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "bridge" -d 'Run a program that answers chats: events and results on its stdin, commands from its stdout'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "submission" -d 'Review submissions'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "trigger" -d 'Send a signed webhook, made up or from a file'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "sandbox" -d 'Run a platform on this machine: the Admin API, signed webhooks, and end users'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "demo" -d 'Hold one whole conversation on this machine, with no account'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "verify" -d 'Check the signature of a captured webhook and say why it is wrong'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "schema" -d 'Adapt to the endpoint\'s schema, check what is sent against it, and print it'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "completion" -d 'Print the completions for a shell'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l addr -d 'Address to listen on; port 0 takes a free one' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l path -d 'Path that takes the webhooks' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l max-body -d 'Largest body taken, in bytes' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l max-connections-per-address -d 'Most connections at once from one address (of IPv6, from one /64), loopback excepted, and most requests at once that trusted proxies pass on for it [default: 256, or fewer where few files may be open]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l trusted-proxy -d 'Proxy whose X-Forwarded-For is believed, as an address or a network (10.0.0.0/8); may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l event -d 'Only events of this name; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l requested-expert -d 'Only chats offered to this expert; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l consumer -d 'Name of the consumer whose cursor is used' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l from -d 'Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l count -d 'Stop after this many lines, or events that are done or set aside' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l timeout -d 'With --count: give up after this time, with exit code 8' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l exec -d 'Run CMD for each event, its line on stdin, instead of writing lines' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l forward-to -d 'Send each event to URL as it came, body and headers, instead of writing lines' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l jobs -d 'With --exec or --forward-to: how many chats are handled at once' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l exec-timeout -d 'With --exec: stop CMD after this time, and try again later' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l insecure-no-verify -d 'Take webhooks without checking their signature: for tests alone'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l skip-own -d 'Leave out the messages that were sent from here'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -f -a "create" -d 'Create an agent\'s persona, or update it'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -f -a "list" -d 'List the agents whose persona is known here'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -f -a "show" -d 'Show the persona of one agent'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -f -a "forget" -d 'Remove an agent from the local map; the persona stays at the platform'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l provider-id -d 'The agent\'s id in your own system' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l name -d 'Name that end users see' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l email -d 'The agent\'s e-mail address' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l photo -d 'Link to the agent\'s picture' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l dry-run -d 'Print the request as JSON, a line for each, and send nothing'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l stateless -d 'Neither use nor keep anything in the store: the platform is asked for the persona each time'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -f -a "accept" -d 'Accept a chat as an agent, and print it with its messages so far'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -f -a "send" -d 'Send a message to a chat'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -f -a "close" -d 'Close a chat: it is resolved, and no messages can be exchanged'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from accept send close open" -f -a "open" -d 'Open a closed chat again'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l persona -d 'Persona that accepts it' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l provider-id -d 'Agent that accepts it: the id in your own system' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l name -d 'Name that end users see' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l email -d 'The agent\'s e-mail address' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l photo -d 'Link to the agent\'s picture' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l dry-run -d 'Print the request as JSON, a line for each, and send nothing'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l stateless -d 'Neither use nor keep anything in the store: the platform is asked for the persona each time'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l text-file -d 'File that has the text, or - for stdin' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l attachment -d 'Absolute http or https link to an attachment' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l persona -d 'Persona that sends it [default: the one that accepted the chat]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l dry-run -d 'Print the request as JSON, a line for each, and send nothing'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l stateless -d 'Neither use nor keep anything in the store: the platform is asked for the persona each time'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l persona -d 'Persona that acts [default: the one that accepted the chat]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l dry-run -d 'Print the request as JSON, a line for each, and send nothing'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l stateless -d 'Neither use nor keep anything in the store: the platform is asked for the persona each time'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l persona -d 'Persona that acts [default: the one that accepted the chat]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l dry-run -d 'Print the request as JSON, a line for each, and send nothing'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l stateless -d 'Neither use nor keep anything in the store: the platform is asked for the persona each time'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l jobs -d 'Commands in flight at once' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l fail-fast -d 'Begin nothing more once a command has failed'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l journal -d 'Keep each command under its `ref`, so that repeating it sends nothing twice'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l status -d 'With --journal: list the commands whose outcome nobody knows, and carry out nothing'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l addr -d 'Address to listen on; port 0 takes a free one' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l path -d 'Path that takes the webhooks' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l max-body -d 'Largest body taken, in bytes' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l max-connections-per-address -d 'Most connections at once from one address (of IPv6, from one /64), loopback excepted, and most requests at once that trusted proxies pass on for it [default: 256, or fewer where few files may be open]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l trusted-proxy -d 'Proxy whose X-Forwarded-For is believed, as an address or a network (10.0.0.0/8); may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l event -d 'Only events of this name; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l requested-expert -d 'Only chats offered to this expert; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l consumer -d 'Name of the consumer whose cursor is used' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l from -d 'Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l ack -d 'When an event counts as consumed' -r -f -a "auto\t'Once its line is written to the program'
manual\t'Once the program writes {"op":"ack","seq":N}, for every event up to N'"
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l jobs -d 'Commands in flight at once' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l insecure-no-verify -d 'Take webhooks without checking their signature: for tests alone'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l any-expert -d 'Chats offered to anybody'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l include-own -d 'The messages that were sent from here, too'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l exit-with-child -d 'End with the program instead of starting it again'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l journal -d 'Keep each command under its `ref`, so that repeating it sends nothing twice'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -f -a "approve" -d 'Approve a submission'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from approve reject" -f -a "reject" -d 'Reject a submission'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l dry-run -d 'Print the request as JSON, a line for each, and send nothing'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l stateless -d 'Neither use nor keep anything in the store: the platform is asked for the persona each time'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l dry-run -d 'Print the request as JSON, a line for each, and send nothing'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l stateless -d 'Neither use nor keep anything in the store: the platform is asked for the persona each time'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l to -d 'Where to send it' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l chat -d 'Chat that it is about' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l payload -d 'File with the body, sent as it is, or - for stdin' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l repeat -d 'Send it this many times, each with an Idempotency-Key of its own' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l timeout -d 'Longest time for one answer' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l duplicate -d 'Send each one twice, with the same Idempotency-Key'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l addr -d 'Loopback address to listen on; port 0 takes a free one' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l webhook-url -d 'Where the webhooks go' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l duplicate -d 'Share of the webhooks that is sent twice, from 0 to 1' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l seed -d 'Decides which webhooks are sent twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l folder -d 'Folder for the store, removed at the end' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l background -d 'Return once it is ready; it goes on until `kill $GUURU_SANDBOX_PID`'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l timeout -d 'Give up after this time' -r
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l signature -d 'What the header X-Guuru-Hmac-Sha256 carried' -r
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -f -a "sync" -d 'Write the documents of the mutations for the endpoint\'s schema'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -f -a "check" -d 'Check what is sent against the endpoint\'s schema'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print" -f -a "print" -d 'Print the endpoint\'s schema in the schema definition language'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l from -d 'Read the schema from FILE, SDL or the JSON of an introspection result, instead of the endpoint' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l explain -d 'Say for each value which argument takes it, why, and how sure that is'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l force -d 'Write anew what a person wrote or changed, too'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l from -d 'Read the schema from FILE, SDL or the JSON of an introspection result, instead of the endpoint' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l from -d 'Read the schema from FILE, SDL or the JSON of an introspection result, instead of the endpoint' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s V -l version -d 'Print version'
