# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_guuru_global_optspecs
    string join \n o/output= jq= q/quiet v/verbose color= no-input profile= endpoint= config-dir= state-dir= h/help V/version
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
complete -c guuru -n "__fish_guuru_needs_command" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_needs_command" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_needs_command" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_needs_command" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_needs_command" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_needs_command" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_needs_command" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_needs_command" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_needs_command" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_needs_command" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "listen" -d 'Receive webhooks and write each verified event as one line of JSON'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "events" -d 'Look at the inbox that `guuru listen` fills, and read it again'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "persona" -d 'Create personas, and look at the local map of agents to personas'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "chat" -d 'Look at chats, accept them, send messages, close and open chats'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "batch" -d 'Carry out commands from stdin, one JSON object a line, and write one result a line'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "bridge" -d 'Run a program that answers chats: events and results on its stdin, commands from its stdout'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "submission" -d 'List and review submissions'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "partner" -d 'Show the partner that the access token belongs to, and whether end users can start chats now'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "expert" -d 'Look at the experts of the community'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "api" -d 'Send a GraphQL document and print the response'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "trigger" -d 'Send a signed webhook, made up or from a file'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "sandbox" -d 'Run a platform on this machine: the Admin API, signed webhooks, and end users'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "demo" -d 'Hold one whole conversation on this machine, with no account'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "schema" -d 'Adapt to the endpoint\'s schema, and print it or the schemas of the lines that programs exchange'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "doctor" -d 'Find out whether everything is set up, and what is wrong'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "verify" -d 'Check the signature of a captured webhook and say why it is wrong'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "auth" -d 'Sign in and out: the access token and the webhook secret, in the system\'s keyring'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "profile" -d 'Work with several accounts: each profile has settings, secrets and a store of its own'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "config" -d 'Look at the settings'
complete -c guuru -n "__fish_guuru_needs_command" -f -a "completion" -d 'Print the completions for a shell'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l event -d 'Only events of this name; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l requested-expert -d 'Only chats offered to this expert; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l consumer -d 'Name of the consumer whose cursor is used' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l from -d 'Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l count -d 'Stop after this many events' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l timeout -d 'With --count: give up after this time, with exit code 8' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l format -d 'Form of the lines' -r -f -a "events\t'The program\'s own: seq, id, event, chatId, receivedAt, own, payload'
cloudevents\t'CloudEvents 1.0, structured JSON'
payload\t'The body alone'"
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l exec -d 'Run CMD for each event, its line on stdin, instead of writing lines' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l forward-to -d 'Send each event to URL as it came, body and headers, instead of writing lines' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l exec-timeout -d 'With --exec: stop CMD after this time, and try again later' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l jobs -d 'With --exec or --forward-to: how many chats are handled at once' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l addr -d 'Address to listen on; port 0 takes a free one' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l path -d 'Path that takes the webhooks' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l max-body -d 'Largest body taken, in bytes' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l max-connections-per-address -d 'Most connections at once from one address (of IPv6, from one /64), loopback excepted, and most requests at once that trusted proxies pass on for it [default: 256, or fewer where few files may be open]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l trusted-proxy -d 'Proxy whose X-Forwarded-For is believed, as an address or a network (10.0.0.0/8); may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l skip-own -d 'Leave out the messages that were sent from here'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l insecure-no-verify -d 'Take webhooks without checking their signature: for tests alone'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand listen" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -f -a "list" -d 'List the newest events of the inbox, the newest one last'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -f -a "show" -d 'Show one event with the headers and the body of its webhook'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -f -a "tail" -d 'Follow the inbox that `guuru listen` fills, one line of JSON for each event'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -f -a "replay" -d 'Write events of the inbox again, or hand them to a handler again'
complete -c guuru -n "__fish_guuru_using_subcommand events; and not __fish_seen_subcommand_from list show tail replay prune" -f -a "prune" -d 'Delete the oldest events, but none that a consumer has not seen or a handler not done'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l event -d 'Only events of this name; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l chat -d 'Only events of this chat' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l since -d 'Only events received at this time or later, or so long ago at most (30m)' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l until -d 'Only events received before this time, or longer ago than that' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l limit -d 'How many of them' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l format -d 'Form of the events in JSON [default: events]' -r -f -a "events\t'The program\'s own: seq, id, event, chatId, receivedAt, own, payload'
cloudevents\t'CloudEvents 1.0, structured JSON'
payload\t'The body alone'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l own -d 'Only the messages that were sent from here'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l skip-own -d 'Leave out the messages that were sent from here'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l failed -d 'Only what was set aside by --exec or --forward-to'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l all -d 'All of them'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l event -d 'Only events of this name; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l requested-expert -d 'Only chats offered to this expert; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l consumer -d 'Name of the consumer whose cursor is used' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l from -d 'Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l count -d 'Stop after this many events' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l timeout -d 'With --count: give up after this time, with exit code 8' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l format -d 'Form of the lines' -r -f -a "events\t'The program\'s own: seq, id, event, chatId, receivedAt, own, payload'
cloudevents\t'CloudEvents 1.0, structured JSON'
payload\t'The body alone'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l skip-own -d 'Leave out the messages that were sent from here'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from tail" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l event -d 'Only events of this name; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l chat -d 'Only events of this chat' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l since -d 'Only events received at this time or later, or so long ago at most (30m)' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l until -d 'Only events received before this time, or longer ago than that' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l format -d 'Form of the lines' -r -f -a "events\t'The program\'s own: seq, id, event, chatId, receivedAt, own, payload'
cloudevents\t'CloudEvents 1.0, structured JSON'
payload\t'The body alone'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l exec -d 'Run CMD for each event, its line on stdin, instead of writing lines' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l forward-to -d 'Send each event to URL as it came, body and headers, instead of writing lines' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l exec-timeout -d 'With --exec: stop CMD after this time, and try again later' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l own -d 'Only the messages that were sent from here'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l skip-own -d 'Leave out the messages that were sent from here'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l failed -d 'Only what was set aside by --exec or --forward-to'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from replay" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l older-than -d 'Delete events older than this, such as 30d' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l larger-than -d 'Delete the oldest events while the store is larger than this, such as 1GiB' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l forget-consumer -d 'Forget this consumer first, so that it holds nothing back any more; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l force -d 'Delete even what a consumer has not seen or a handler not done'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l dry-run -d 'Say what would be deleted, and delete nothing'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand events; and __fish_seen_subcommand_from prune" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and not __fish_seen_subcommand_from create list show forget" -l no-input -d 'Never ask for anything'
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
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand persona; and __fish_seen_subcommand_from forget" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -f -a "list" -d 'List chats, the newest first'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -f -a "show" -d 'Show a chat with its messages'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -f -a "accept" -d 'Accept a chat as an agent, and print it with its messages so far'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -f -a "send" -d 'Send a message to a chat'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -f -a "close" -d 'Close a chat: it is resolved, and no messages can be exchanged'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and not __fish_seen_subcommand_from list show accept send close open" -f -a "open" -d 'Open a closed chat again'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l status -d 'Only chats with this status; the platform cannot select by it, so that pages are read until there are enough' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l since -d 'Only chats that began at TIME or later: 2026-01-02T03:04:05Z, 2026-01-02 (UTC), or how long ago, such as 7d' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l until -d 'Only chats that began at TIME or earlier' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l order -d 'The oldest first (asc), or the newest (desc)' -r -f -a "asc\t''
desc\t''"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l limit -d 'How many to list at most' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l cursor -d 'Go on from where an earlier run ended, which said so on stderr' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l all -d 'List all of them'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
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
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from accept" -l no-input -d 'Never ask for anything'
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
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from send" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l persona -d 'Persona that acts [default: the one that accepted the chat]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from close" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l persona -d 'Persona that acts [default: the one that accepted the chat]' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand chat; and __fish_seen_subcommand_from open" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l jobs -d 'Commands in flight at once' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand batch" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand batch" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l event -d 'Only events of this name; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l requested-expert -d 'Only chats offered to this expert; may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l consumer -d 'Name of the consumer whose cursor is used' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l from -d 'Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l ack -d 'When an event counts as consumed' -r -f -a "auto\t'Once its line is written to the program'
manual\t'Once the program writes {"op":"ack","seq":N}, for every event up to N'"
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l grace -d 'How long the program may read nothing before there is a warning, and each step of the end may take' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l jobs -d 'Commands in flight at once' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l addr -d 'Address to listen on; port 0 takes a free one' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l path -d 'Path that takes the webhooks' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l max-body -d 'Largest body taken, in bytes' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l max-connections-per-address -d 'Most connections at once from one address (of IPv6, from one /64), loopback excepted, and most requests at once that trusted proxies pass on for it [default: 256, or fewer where few files may be open]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l trusted-proxy -d 'Proxy whose X-Forwarded-For is believed, as an address or a network (10.0.0.0/8); may be repeated' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l any-expert -d 'Take chats offered to anybody'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l include-own -d 'Pass on the messages that were sent from here, too'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l exit-with-child -d 'End with the program instead of starting it again'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l journal -d 'Keep each command under its `ref`, so that repeating it sends nothing twice'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l insecure-no-verify -d 'Take webhooks without checking their signature: for tests alone'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand bridge" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -f -a "list" -d 'List submissions'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -f -a "approve" -d 'Approve a submission'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and not __fish_seen_subcommand_from list approve reject" -f -a "reject" -d 'Reject a submission'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l limit -d 'How many to list at most' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l cursor -d 'Go on from where an earlier run ended, which said so on stderr' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l all -d 'List all of them'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from approve" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand submission; and __fish_seen_subcommand_from reject" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand partner" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand partner" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand partner" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand partner" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand partner" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand partner" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and not __fish_seen_subcommand_from list" -f -a "list" -d 'List the experts of the community'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l limit -d 'How many to list at most' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l cursor -d 'Go on from where an earlier run ended, which said so on stderr' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l all -d 'List all of them'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand expert; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand api" -l query-file -d 'File that has the document, or - for stdin' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand api" -s f -l raw-field -d 'Give a variable a text; `input[name]=Ada` reaches into an object, `ids[]=c-1` adds to a list' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -s F -l field -d 'The same, where true, false, null and numbers are themselves, and @FILE (@- for stdin) is what the file holds' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -l operation-name -d 'Which of the document\'s operations to send' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand api" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand api" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand api" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand api" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand api" -l paginate -d 'Read all pages of the one connection that takes `after: $VARIABLE`, and print the response of each'
complete -c guuru -n "__fish_guuru_using_subcommand api" -l partial -d 'Print the response also where it has errors'
complete -c guuru -n "__fish_guuru_using_subcommand api" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand api" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand api" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand api" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand api" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l to -d 'Where to send it' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l chat -d 'Chat that it is about' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l payload -d 'File with the body, sent as it is, or - for stdin' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l repeat -d 'Send it this many times, each with an Idempotency-Key of its own' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l timeout -d 'Longest time for one answer' -r
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand trigger" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l addr -d 'Loopback address to listen on; port 0 takes a free one' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l webhook-url -d 'Where the webhooks go' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l duplicate -d 'Share of the webhooks that is sent twice, from 0 to 1' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l seed -d 'Decides which webhooks are sent twice, and what the end users of --chats say' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l chats -d 'Play so many end users, report what they saw, and exit' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l rate -d 'Chats begun in a second' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l turns -d 'Messages that an end user sends before the chat may be closed' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l patience -d 'How long an end user waits for an answer, or for the close, before giving up' -r
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l report -d 'Write the report to this file and not to stdout' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l folder -d 'Folder for the store, removed at the end' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand sandbox" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l timeout -d 'Give up after this time' -r
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand demo" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -f -a "sync" -d 'Write the documents of the mutations for the endpoint\'s schema'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -f -a "check" -d 'Check what is sent against the endpoint\'s schema'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -f -a "print" -d 'Print the endpoint\'s schema in the schema definition language'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and not __fish_seen_subcommand_from sync check print lines" -f -a "lines" -d 'Print the JSON Schemas (2020-12) of event, command and result lines'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l from -d 'Read the schema from FILE, SDL or the JSON of an introspection result, instead of the endpoint' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from sync" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l from -d 'Read the schema from FILE, SDL or the JSON of an introspection result, instead of the endpoint' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l from -d 'Read the schema from FILE, SDL or the JSON of an introspection result, instead of the endpoint' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
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
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from print" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand schema; and __fish_seen_subcommand_from lines" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l public-url -d 'Where the platform reaches the receiver, as it is entered in the portal' -r
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l timeout -d 'Longest time for one check' -r
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l signature -d 'What the header X-Guuru-Hmac-Sha256 carried' -r
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand verify" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -f -a "login" -d 'Keep the access token and the webhook secret of a profile'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -f -a "status" -d 'Show for each profile where its secrets come from, and whether its token works'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -f -a "logout" -d 'Remove the profile\'s access token and webhook secret from this machine'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and not __fish_seen_subcommand_from login status logout secret" -f -a "secret" -d 'Generate a webhook secret'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l token-stdin -d 'Read the access token from stdin'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l secret-stdin -d 'Read the webhook secret from stdin: the second line, where the token is the first'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l insecure-storage -d 'Keep them in a file that only you may read, instead of the keyring'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-check -d 'Keep the token without trying it'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from login" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l timeout -d 'Longest time for one attempt' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l retries -d 'Further attempts, where trying again cannot do anything twice' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-sync -d 'Do not adapt to the endpoint\'s schema where it differs: an operation that does not fit it fails'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from logout" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand auth; and __fish_seen_subcommand_from secret" -f -a "generate" -d 'Print a new webhook secret: 32 random bytes in hexadecimal, whatever the form of output'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -f -a "list" -d 'List the profiles'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -f -a "show" -d 'Show a profile'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -f -a "create" -d 'Create a profile; --endpoint is kept with it'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -f -a "use" -d 'Use a profile wherever none is named'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and not __fish_seen_subcommand_from list show create use delete" -f -a "delete" -d 'Delete a profile with its settings, its secrets and its store'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l yes -d 'Do not ask'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand profile; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand config; and not __fish_seen_subcommand_from show" -f -a "show" -d 'Show every setting, its value, and whether a flag, the environment, the profile or nobody set it'
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand config; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s o -l output -d 'Form of the output [default: table on a terminal, json anywhere else]' -r -f -a "table\t'A table or short text, for people'
json\t'One JSON document'
jsonl\t'One line of JSON for each element of a list'"
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l jq -d 'Show what an expression in the jq language makes of the JSON: text as it is, a line for each result' -r
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l color -d 'When to colour what goes to a person' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set'
always\t'Always'
never\t'Never'"
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l profile -d 'Profile of the configuration and of the store [default: default]' -r
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l endpoint -d 'Endpoint of the Admin API [default: https://api.guuru.com/graphql]' -r
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l config-dir -d 'Folder of config.toml' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l state-dir -d 'Folder of the store' -r -F
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s q -l quiet -d 'Silence all but errors'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s v -l verbose -d 'Say more on stderr'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -l no-input -d 'Never ask for anything'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c guuru -n "__fish_guuru_using_subcommand completion" -s V -l version -d 'Print version'
