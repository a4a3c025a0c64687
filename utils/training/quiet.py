"""Import TensorFlow without its start-up log lines; import this module before anything else that does."""

import logging
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # later messages: errors only

if "tensorflow" not in sys.modules:
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)  # the C++ side writes to file descriptor 2, not to sys.stderr
        import tensorflow  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)

logging.getLogger("tensorflow").setLevel(logging.ERROR)  # "retracing" and the like: not for learners
