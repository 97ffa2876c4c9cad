complete --keep-order --exclusive --command guuru --arguments "(GUURU_COMPLETE=fish guuru -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
