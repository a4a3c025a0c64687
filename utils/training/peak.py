"""How much of this machine does a training use? FLOPs of a step beside what a matrix product reaches."""

import time

import tensorflow as tf

SIDE = 2_048  # of the matrices: large enough that calling costs nothing, small enough for any memory
CONVOLUTIONS = ("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter")
PRODUCTS = ("MatMul", "BatchMatMulV2")
NOT_COUNTED = ("While", "StatelessWhile", "Case", "StatelessCase", "XlaLaunch")  # how often is not known


def matmul_peak(trials=5, side=SIDE):
    """Return what a large float32 matrix product reaches on one core of this machine; it takes a second.

    Shapes:  -> float
    Units:   FLOP per CPU second of this process; a multiplication and an addition are two
    Healthy: 32 per cycle with two 256 bit units: 1e11 near 3.3 GHz; the same within a tenth each time
    Source:  the roofline of Williams et al. 2009 (CACM 52), its flat part, measured
    """
    matrix = tf.random.stateless_normal((side, side), (0, 0))
    product = tf.function(lambda left: left @ left)
    product(matrix).numpy()
    rates = []
    for _ in range(trials):
        start = time.process_time()
        product(matrix).numpy()
        rates.append(2 * side**3 / (time.process_time() - start))
    return max(rates)


def step_flops(model, batch, first_branch=1.0):
    """Return the FLOPs of one training step by operation type: {"Conv2D": …, "MatMul": …}.

    Counted are convolutions and matrix products, forward and backward, as they stand in the compiled step:
    one that nobody reads, such as a slope for real images, is not run and not counted. `first_branch` is
    the share of steps in which a condition holds: 0.25 for a penalty that is paid in each fourth step.

    Shapes:  a model with train_step(batch), a batch of fixed shapes -> dict of floats
    Units:   FLOP per step; taps that fall on the padding are counted, as is usual
    Healthy: three times the forward ones for a network that is trained, less for its first layer
    Source:  2 x outputs x taps x channels in, once forward and twice backward: Goodfellow et al. 2016, ch. 9
    """
    step = tf.function(model.train_step).get_concrete_function(batch)
    return graph_flops(step.graph, first_branch)


def graph_flops(graph, first_branch=1.0):
    """Return the FLOPs of a graph by operation type, with those of the functions that it calls."""
    total = {}
    needed = needed_operations(graph)
    for operation in graph.get_operations():
        if operation not in needed:
            continue
        if operation.type in NOT_COUNTED:
            raise ValueError(
                f"FLOPs can be counted in steps without loops. Received: a {operation.type}, "
                f"{operation.name}. Most likely fix: count train_step, not a function that repeats it."
            )
        for name, share in called_functions(operation, first_branch):
            inner = graph_flops(graph._get_function(name).graph, first_branch)
            for kind, flops in inner.items():
                total[kind] = total.get(kind, 0.0) + share * flops
        flops = operation_flops(operation)
        if flops:
            total[operation.type] = total.get(operation.type, 0.0) + flops
    return total


def needed_operations(graph):
    """Return the operations that run: those that a result or a side effect waits for."""
    waiting = [tensor.op for tensor in graph.outputs] + list(graph.control_outputs)
    needed = set()
    while waiting:
        operation = waiting.pop()
        if operation not in needed:
            needed.add(operation)
            waiting += [tensor.op for tensor in operation.inputs] + list(operation.control_inputs)
    return needed


def called_functions(operation, first_branch):
    """Return the functions that an operation calls, each with the share of steps in which it does."""
    if operation.type in ("If", "StatelessIf"):
        shares = {"then_branch": first_branch, "else_branch": 1 - first_branch}
    elif operation.type in ("PartitionedCall", "StatefulPartitionedCall"):
        shares = {"f": 1.0}
    else:
        return []
    return [(operation.get_attr(name).name, share) for name, share in shares.items()]


def operation_flops(operation):
    """Return the FLOPs of a convolution or a matrix product, and 0 for anything else."""
    if operation.type not in (*CONVOLUTIONS, *PRODUCTS):
        return 0.0
    result = operation.outputs[0].shape
    if operation.type in PRODUCTS:
        turned = operation.get_attr("transpose_a" if operation.type == "MatMul" else "adj_x")
        return 2.0 * known(operation, result) * operation.inputs[0].shape[-2 if turned else -1]
    maps = result if operation.type == "Conv2D" else operation.inputs[2].shape  # those after the convolution
    kernel = result if operation.type == "Conv2DBackpropFilter" else operation.inputs[1].shape
    return 2.0 * known(operation, maps[:3]) * known(operation, kernel)


def known(operation, shape):
    """Return the number of values of a shape that is known before the step runs."""
    if not shape.is_fully_defined():
        raise ValueError(
            f"FLOPs can be counted for a batch of fixed shapes. Received: {operation.name} of shape {shape}. "
            "Most likely fix: pass a batch as tensors, with a dataset drop_remainder=True."
        )
    return float(shape.num_elements())
