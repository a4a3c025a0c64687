"""One line when another process holds the GPU; silence when none does, or when the driver is odd."""

import os
import stat
import subprocess
import sys

import pytest

from utils.training import gpu

OTHER = os.getppid()  # a process that is there and is not this one
GONE = 2**22 + 1  # above the largest number Linux gives: a number of the host, seen from a container
L4 = "0, GPU-a, {used}, 16384, 8.9, NVIDIA L4"


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """A function that puts a stand-in for nvidia-smi on the path: rows of GPUs, rows of processes."""

    def install(gpus="", processes="", body=None):
        answers = f"gpus, processes = {gpus!r}, {processes!r}\n"
        asked = "print(gpus if '--query-gpu' in sys.argv[1] else processes)"
        script = tmp_path / "nvidia-smi"
        script.write_text(f"#!{sys.executable}\nimport sys, time\n{answers}{body or asked}\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return install


def warned(capsys):
    """What the warning prints."""
    gpu.warn_if_busy()
    return capsys.readouterr().out


def test_another_process_that_holds_the_gpu_is_named_in_one_line(driver, capsys):
    driver(L4.format(used=11700), f"{OTHER}, GPU-a, 11469, /usr/bin/python")
    line = warned(capsys)
    assert line.startswith(f"Warning: process {OTHER} (python) holds 11.2 of 16.0 GB of the GPU. ")
    assert line.count("\n") == 1 and "Kernel, Shut Down All Kernels" in line


def test_this_process_is_not_another(driver, capsys):
    driver(L4.format(used=11700), f"{os.getpid()}, GPU-a, 11469, /usr/bin/python")
    assert warned(capsys) == ""
    driver(L4.format(used=11700), f"{OTHER}, GPU-a, 11469, /usr/bin/python")
    assert warned(capsys)  # planted: the same line under another number


def test_little_memory_is_no_trouble(driver, capsys):
    driver(L4.format(used=1500), f"{OTHER}, GPU-a, 1400, python")
    assert warned(capsys) == ""
    driver(L4.format(used=1800), f"{OTHER}, GPU-a, 1700, python")
    assert warned(capsys)


def test_several_processes_are_counted_and_the_largest_is_named(driver, capsys):
    one = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        numbers = {one.pid: "2048, python", OTHER: "8192, ollama", os.getpid(): "1024, python"}
        driver(L4.format(used=11300), "\n".join(f"{pid}, GPU-a, {rest}" for pid, rest in numbers.items()))
        assert f"process {OTHER} (ollama) and 1 more hold 10.0 of 16.0 GB" in warned(capsys)
    finally:
        one.communicate(b"\n")


@pytest.mark.parametrize(
    "rows", ["", f"{GONE}, GPU-a, 11469, [Not Found]"], ids=["no rows", "rows of the host"]
)
@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="numbers of another namespace are told by /proc")
def test_in_a_container_the_memory_alone_is_told(driver, capsys, rows):
    driver(L4.format(used=11469), rows)
    line = warned(capsys)
    assert "11.2 of 16.0 GB of the GPU are taken, by a process that cannot be seen from here" in line
    assert "or by this one" in line and str(GONE) not in line
    driver(L4.format(used=1024), rows)
    assert warned(capsys) == ""  # a screen


def test_memory_that_nobody_is_listed_for_is_not_laid_to_this_process(driver, capsys):
    driver(L4.format(used=11469), f"{os.getpid()}, GPU-a, 2048, python")
    line = warned(capsys)
    assert "9.2 of 16.0 GB of the GPU are taken" in line and "or by this one" not in line


@pytest.mark.parametrize("odd", ["[N/A]", "[Insufficient Permissions]", "[Not Supported]", "N/A", ""])
def test_odd_answers_are_not_read_as_numbers(driver, capsys, odd):
    driver(L4.format(used=odd), f"{OTHER}, GPU-a, 11469, python")
    assert warned(capsys) == ""
    driver(L4.format(used=11469), f"{OTHER}, GPU-a, {odd}, {odd or '[N/A]'}")
    assert f"process {OTHER} holds up to 11.2 of 16.0 GB" in warned(capsys)
    driver(L4.format(used=11469), f"{os.getpid()}, GPU-a, {odd}, python")
    assert warned(capsys) == ""  # what this process holds is not known: no one is blamed
    driver(L4.format(used=11469), f"{odd}, GPU-a, 11469, python\nNo running processes found")
    assert "cannot be seen" in warned(capsys)


def test_each_gpu_has_its_own_processes(driver, capsys):
    both = f"{L4.format(used=200)}\n1, GPU-b, 40000, 81920, 9.0, NVIDIA H100, 80GB"
    driver(both, f"{OTHER}, GPU-b, 39936, python")
    assert f"process {OTHER} (python) holds 39.0 of 80.0 GB of GPU 1." in warned(capsys)


@pytest.mark.parametrize(
    ("chosen", "says"), [("1", True), ("GPU-b", True), ("0", False), ("", False), ("-1", False)]
)
def test_a_gpu_that_is_not_chosen_is_no_trouble(driver, capsys, monkeypatch, chosen, says):
    driver(
        f"{L4.format(used=200)}\n1, GPU-b, 40000, 81920, 9.0, NVIDIA H100", f"{OTHER}, GPU-b, 39936, python"
    )
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", chosen)
    assert bool(warned(capsys)) == says


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("time.sleep(60)", "did not answer within 0.5 s"),
        ("print('NVML: Driver/library version mismatch'); sys.exit(18)", "version mismatch"),
        ("sys.exit(9)", "exit code 9"),
    ],
)
def test_a_driver_that_does_not_answer_costs_no_lesson(driver, capsys, monkeypatch, body, reason):
    monkeypatch.setattr(gpu, "SECONDS", 0.5)
    driver(body=body)
    assert warned(capsys) == ""
    with pytest.raises(OSError, match=reason):
        gpu.installed_gpus()


@pytest.mark.parametrize("body", ["print('No devices were found')", "print('\\xff,,,\\n,')", "pass"])
def test_words_in_place_of_rows_are_no_gpu(driver, body):
    driver(body=body)
    assert gpu.installed_gpus() == [] and gpu.busy_gpus() == []


def test_without_a_driver_nothing_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert warned(capsys) == ""
    with pytest.raises(FileNotFoundError):
        gpu.installed_gpus()


def test_a_gpu_is_named_with_what_is_known(driver):
    driver(f"{L4.format(used=1)}\n1, GPU-b, [N/A], [N/A], [N/A], NVIDIA GB10")
    assert [str(one) for one in gpu.installed_gpus()] == [
        "NVIDIA L4, 16.0 GB, compute capability 8.9",
        "NVIDIA GB10",
    ]


def test_the_driver_is_asked_without_tensorflow():
    code = "import sys, utils.training.gpu; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
