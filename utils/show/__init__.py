"""Arrays in, figures out: pictures, the live training view, widgets; `show(figure)` shows one."""
