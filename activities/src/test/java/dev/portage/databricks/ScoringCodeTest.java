package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.job.JobCode;
import dev.portage.job.JobQuery;
import dev.portage.job.SettingChange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which code a scoring job runs is known by commits and hashes, or it is said that it is not. */
@Tag("S0.07")
class ScoringCodeTest {
  private static final String EXPORT = "GET /api/2.0/workspace/export";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String GIT =
      "\"git_source\":{\"git_url\":\"https://g/x\",\"git_provider\":\"gitHub\",\"git_commit\":\""
          + COMMIT
          + "\"},";

  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start();

  @Test
  void codeOfARepositoryIsKnownByItsCommitAndNothingIsRead() {
    JobCode code =
        code(
            GIT
                + tasks(
                    """
                    {"task_key":"a","notebook_task":{"notebook_path":"jobs/score","source":"GIT"}},
                    {"task_key":"b","spark_python_task":{"python_file":"src/score.py"}}\
                    """));

    assertThat(code.parts())
        .extracting(JobCode.Part::text)
        .containsExactly(
            "jobs/score at commit 0123456789ab", "src/score.py at commit 0123456789ab");
    assertThat(code.outsideOfCommits()).isEmpty();
    assertThat(workspace.calls(EXPORT)).isEmpty();
    assertThat(
            code(GIT.replace(COMMIT, "f".repeat(40))
                    + tasks(
                        """
                        {"task_key":"a","notebook_task":{"notebook_path":"jobs/score","source":"GIT"}},
                        {"task_key":"b","spark_python_task":{"python_file":"src/score.py"}}\
                        """))
                .sha256())
        .isNotEqualTo(code.sha256());
  }

  @Test
  void filesOfTheWorkspaceAndOfVolumesAreKnownByTheirContents() throws Exception {
    String tasks =
        tasks(
                """
                {"task_key":"a","notebook_task":{"notebook_path":"/Shared/score"}},
                {"task_key":"b","spark_python_task":{"python_file":"/Workspace/Shared/score.py"}},
                {"task_key":"c","python_wheel_task":{"package_name":"p","entry_point":"e"},
                 "libraries":[{"whl":"/Volumes/main/ml/code/p-1.whl"},{"pypi":{"package":"x==1"}}]},
                {"task_key":"d","python_wheel_task":{"package_name":"p","entry_point":"e"},
                 "environment_key":"e"}\
                """)
            + ",\"environments\":[{\"environment_key\":\"e\",\"spec\":{\"dependencies\":"
            + "[\"/Volumes/main/ml/code/p-1.whl\",\"x==1\"]}}]";
    workspace.on(EXPORT, call -> body("print('" + call.query("path") + "')"));
    workspace.on("GET /api/2.0/fs/files/Volumes/main/ml/code/p-1.whl", _ -> body("wheel 1"));

    JobCode code = code(GIT + tasks);

    assertThat(code.parts())
        .extracting(JobCode.Part::sha256)
        .containsExactly(
            sha256("print('/Shared/score')"),
            sha256("print('/Workspace/Shared/score.py')"),
            sha256("wheel 1"),
            sha256("wheel 1"));
    assertThat(code.outsideOfCommits())
        .contains("task a runs /Shared/score " + sha256("print('/Shared/score')").substring(0, 12));
    assertThat(workspace.calls(EXPORT))
        .extracting(call -> call.query("format"))
        .containsExactly("SOURCE", "AUTO");
    assertThat(code(GIT + tasks).sha256()).isEqualTo(code.sha256());

    workspace.on("GET /api/2.0/fs/files/Volumes/main/ml/code/p-1.whl", _ -> body("wheel 2"));
    assertThat(code(GIT + tasks).sha256()).isNotEqualTo(code.sha256());
  }

  @Test
  void whatNobodyCanTellIsSaid() {
    workspace.on(
        EXPORT,
        _ -> FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "Path (/Shared/x) is gone"));

    assertThat(
            code("\"git_source\":{\"git_url\":\"https://g/x\",\"git_branch\":\"main\"},"
                    + tasks(
                        """
                        {"task_key":"a","notebook_task":{"notebook_path":"jobs/score"}},
                        {"task_key":"b","run_job_task":{"job_id":3}},
                        {"task_key":"c","spark_python_task":{"python_file":"dbfs:/score.py"}},
                        {"task_key":"d","notebook_task":{"notebook_path":"/Shared/x"}}\
                        """))
                .outsideOfCommits())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "task a runs jobs/score, of no known hash: each run takes what main is by"
                            + " then"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "task b runs a run_job_task, of no known hash: its code is kept where no"
                            + " call returns it"),
            line -> assertThat(line).startsWith("task c runs dbfs:/score.py, of no known hash: "),
            line ->
                assertThat(line)
                    .startsWith("task d runs /Shared/x, of no known hash: ")
                    .contains("is gone"));
  }

  @Test
  void noMoreFilesAreReadThanOneAttemptHasTimeFor() {
    workspace.on(EXPORT, _ -> body("print(1)"));

    JobCode code =
        code(
            tasks(
                IntStream.range(0, 6)
                    .mapToObj(i ->
                        "{\"task_key\":\"t%d\",\"notebook_task\":{\"notebook_path\":\"/Shared/%d\"}}"
                            .formatted(i, i))
                    .collect(Collectors.joining(","))));

    assertThat(workspace.calls(EXPORT)).hasSize(5);
    assertThat(code.parts().getLast().unknown()).isEqualTo("the job has more files than are read");
  }

  @Test
  void aWorkspaceThatIsAwayIsAskedAgain() {
    workspace.on(EXPORT, _ -> FakeWorkspace.refusal(503, "TEMPORARILY_UNAVAILABLE", "later"));

    assertThatThrownBy(() ->
            code(tasks("{\"task_key\":\"a\",\"notebook_task\":{\"notebook_path\":\"/Shared/x\"}}")))
        .hasMessageContaining("later");
  }

  @Test
  void approversSeeWhatChangesAndWhatHasNoHash() {
    JobCode.Part commit = new JobCode.Part("git", "score.py", COMMIT, null, null);
    JobCode.Part old = new JobCode.Part("wheel", "/Volumes/p.whl", null, "a".repeat(64), null);
    JobCode.Part next = new JobCode.Part("wheel", "/Volumes/p.whl", null, "b".repeat(64), null);
    JobCode.Part other = new JobCode.Part("sql", "a sql_task", null, null, "it is elsewhere");
    JobCode now = new JobCode("1", List.of(commit, old, other));

    assertThat(ScoringCode.changes(now, new JobCode("2", List.of(commit, next, other))))
        .containsExactly(
            new SettingChange(
                "code of task wheel", "/Volumes/p.whl aaaaaaaaaaaa", "/Volumes/p.whl bbbbbbbbbbbb"),
            new SettingChange(
                "code of task sql",
                "a sql_task, of no known hash: it is elsewhere",
                "a sql_task, of no known hash: it is elsewhere"));
    assertThat(ScoringCode.changes(null, new JobCode("3", List.of(next))))
        .containsExactly(
            new SettingChange(
                "code of task wheel", SettingChange.NOTHING, "/Volumes/p.whl bbbbbbbbbbbb"));
    assertThat(ScoringCode.changes(now, new JobCode("4", List.of(commit, old)))).isEmpty();
  }

  private JobCode code(String settings) {
    workspace.on(
        "GET /api/2.2/jobs/list",
        "{\"jobs\":[{\"job_id\":12,\"settings\":{\"name\":\"nightly\"}}]}");
    workspace.on(
        "GET /api/2.2/jobs/get",
        "{\"job_id\":12,\"settings\":{\"name\":\"nightly\"," + settings + "}}");
    return Objects.requireNonNull(
        Orders.jobs(workspace)
            .findJob(JobQuery.ofTheirs("dev", "12", "churn"))
            .orElseThrow()
            .code());
  }

  private static String tasks(String tasks) {
    return "\"tasks\":[" + tasks + "]";
  }

  private static MockResponse body(String content) {
    return new MockResponse.Builder().body(content).build();
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
