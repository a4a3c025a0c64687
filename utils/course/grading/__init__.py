"""Grades a folder of notebooks that strangers wrote.

submissions -> fresh_copy -> run_one (namespace, limits, witnessed) -> judge -> marks -> files, page;
similar beside it; grade_folder does them all.

What it stops. A verdict is never taken from the learner's process. That process only says what an answer
gave on random inputs; another process, in which no learner's code runs, compares with the library. So a
printed or stored verdict, another check(), another print or another library in memory earn nothing, and
changes of the library are named. Each notebook runs in a copy, with a copy of the library, without the
teacher's environment variables, with an end to its time, memory and output. Where Linux lends namespaces
(most machines, few containers), it also has no network, sees no other process, and finds the teacher's
folders read-only; elsewhere only programs that ask for the proxy are kept from the network. The page says
which of the two it was.

What it does not stop. Nothing limits the disk or the number of processes. Without namespaces, somebody who
writes an attack on this very program can do what your account can do. For work of people whom you do not
trust at all, grade in a container or a virtual machine. An answer that calls or copies the library is right:
the library is open to every learner.
"""
