"""问答: questions that are asked again and again, and their answers.

Other rooms use `faq.room` (the room as the house opens it), `faq.editing.Moderator` and
`faq.command_line`. Nothing is imported here: the command line mounts its commands at every start.
"""
