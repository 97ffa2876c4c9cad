
set edit:completion:arg-completer[guuru] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) GUURU_COMPLETE="elvish" guuru -- $@words) | to-lines
}

