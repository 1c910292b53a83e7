"""Where records flow: Faust app, delivery, embedded broker, web views and the command line."""
