"""How full computes get: peaks, queues, idle nodes, trials, better times."""
