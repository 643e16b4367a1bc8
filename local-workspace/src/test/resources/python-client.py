"""Databricks' own Python client against a workspace: python python-client.py REPOSITORY_URL COMMIT."""

import io
import sys

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import AlreadyExists, InvalidParameterValue, NotFound
from databricks.sdk.service import compute, jobs, sql, workspace

url, commit = sys.argv[1:]
w = WorkspaceClient(auth_type="pat")
assert w.current_user.me().user_name == "ana@example.com"
assert w.get_workspace_id() == 1111111111111111
assert [pool.instance_pool_name for pool in w.instance_pools.list()] == ["ml-small"]
assert w.clusters.select_spark_version(long_term_support=True, ml=True) == "16.4.x-cpu-ml-scala2.12"
assert w.clusters.select_node_type(min_gpus=1) == "g5.xlarge"
policy = w.cluster_policies.get(next(iter(w.cluster_policies.list())).policy_id)
assert policy.name == "jobs-only", policy

git = jobs.GitSource(git_url=url, git_provider=jobs.GitProvider.GIT_HUB, git_commit=commit)
task = jobs.NotebookTask(notebook_path="hello", base_parameters={"who": "ana"})
run = w.jobs.submit(
    run_name="hello", git_source=git, tasks=[jobs.SubmitTask(task_key="hello", notebook_task=task)]
).result()
assert run.state.result_state == jobs.RunResultState.SUCCESS, run.state
assert run.git_source.git_snapshot.used_commit == commit
assert w.jobs.get_run_output(run.tasks[0].run_id).notebook_output.result == "hello ana"

cluster = compute.ClusterSpec(spark_version="16.4.x-cpu-ml-scala2.12", instance_pool_id="pool-1", num_workers=0)
made = w.jobs.create(
    name="hello",
    git_source=git,
    job_clusters=[jobs.JobCluster(job_cluster_key="main", new_cluster=cluster)],
    tasks=[jobs.Task(task_key="hello", notebook_task=task, job_cluster_key="main")],
    schedule=jobs.CronSchedule("0 0 6 * * ?", "Europe/Berlin"),
    tags={"a": "b"},
)
first = w.jobs.run_now(made.job_id, idempotency_token="one").result()
assert w.jobs.run_now(made.job_id, idempotency_token="one").response.run_id == first.run_id
assert [job.job_id for job in w.jobs.list(name="hello", expand_tasks=True)] == [made.job_id]
assert [run.run_id for run in w.jobs.list_runs(job_id=made.job_id)] == [first.run_id]
w.jobs.delete(made.job_id)

limited = compute.ClusterSpec(policy_id=policy.policy_id, apply_policy_default_values=True, spark_version="auto:latest-lts-ml")
made = w.jobs.create(name="limited", git_source=git, tasks=[jobs.Task(task_key="hello", notebook_task=task, new_cluster=limited)])
given = w.jobs.get(made.job_id).settings.tasks[0].new_cluster
assert (given.node_type_id, given.num_workers, given.custom_tags) == ("Standard_D4ds_v5", 1, {"team": "ml"}), given
w.jobs.delete(made.job_id)
limited.node_type_id = "i3.xlarge"
try:
    w.jobs.submit(run_name="limited", git_source=git, tasks=[jobs.SubmitTask(task_key="hello", notebook_task=task, new_cluster=limited)])
    raise AssertionError("what a policy forbids was accepted")
except InvalidParameterValue as refused:
    assert "Validation failed for node_type_id" in str(refused), refused

try:
    w.jobs.create(name="x", job_clusters=[jobs.JobCluster("main", compute.ClusterSpec(spark_version="1"))])
    raise AssertionError("an unknown version was accepted")
except InvalidParameterValue as refused:
    assert "Invalid spark version" in str(refused)

path = "/Volumes/main/default/data/a b/c%1.bin"
w.files.upload(path, io.BytesIO(b"x" * 100_000))
assert w.files.download(path).contents.read() == b"x" * 100_000
assert w.files.get_metadata(path).content_length == 100_000
try:
    w.files.upload(path, io.BytesIO(b"y"), overwrite=False)
    raise AssertionError("a file was replaced unasked")
except AlreadyExists:
    pass
w.files.delete(path)

folder = "/Users/ana@example.com/project"
w.workspace.mkdirs(folder)
code = b"dbutils.notebook.exit('hello ' + dbutils.widgets.get('who'))"
w.workspace.upload(folder + "/hello", io.BytesIO(code), language=workspace.Language.PYTHON)
w.workspace.upload(folder + "/notes.txt", io.BytesIO(b"n"), format=workspace.ImportFormat.AUTO)
assert {found.path: found.object_type.value for found in w.workspace.list(folder)} == {
    folder + "/hello": "NOTEBOOK",
    folder + "/notes.txt": "FILE",
}
assert w.workspace.download(folder + "/notes.txt").read() == b"n"
try:
    w.workspace.upload("/Shared/nowhere/notes.txt", io.BytesIO(b"n"), format=workspace.ImportFormat.AUTO)
    raise AssertionError("a file was put into no folder")
except NotFound as refused:
    assert "The parent folder (/Shared/nowhere) does not exist." in str(refused), refused
task = jobs.NotebookTask(notebook_path=folder + "/hello", base_parameters={"who": "ben"})
run = w.jobs.submit(run_name="hello", tasks=[jobs.SubmitTask(task_key="hello", notebook_task=task)]).result()
assert w.jobs.get_run_output(run.tasks[0].run_id).notebook_output.result == "hello ben"

answer = w.statement_execution.execute_statement(
    warehouse_id=next(iter(w.warehouses.list())).id,
    statement="SELECT :n AS n",
    parameters=[sql.StatementParameterListItem(name="n", value="7", type="INT")],
    wait_timeout="50s",
)
assert answer.result.data_array == [["7"]], answer
print("all of it works")
