"""What a teacher takes into a class: plans with minutes, slides, handouts, made from the built lessons.

sections, minutes -> plan -> plan_page; shown_cells, code_parts -> slide_cells, handout_cells ->
slides, handout -> print_pdf.
"""
