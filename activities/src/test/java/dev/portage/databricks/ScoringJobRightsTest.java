package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.DeleteJob;
import com.databricks.sdk.service.jobs.GitProvider;
import com.databricks.sdk.service.jobs.GitSource;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.Task;
import dev.portage.compute.ComputeSettings;
import dev.portage.http.BearerToken;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.job.JobQuery;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.rights.Right;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login with every permission except on someone else's job, in a local workspace. */
class ScoringJobRightsTest {
  @TempDir Path folder;

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private LocalWorkspace workspace;
  private String token = "token-of-ana";

  @BeforeEach
  void start() throws IOException {
    workspace =
        LocalWorkspace.start(
            LocalWorkspaceSettings.named("dev", "4711", folder)
                .token(Token.of("token-of-ana", "ana@example.com", EnumSet.allOf(Right.class)))
                .token(
                    Token.of(
                        "token-of-portage",
                        "portage@example.com",
                        EnumSet.complementOf(EnumSet.of(Right.JOBS_ALL))))
                .build());
  }

  @AfterEach
  void stop() {
    workspace.close();
    http.close();
  }

  @Test
  void aJobOfSomeoneElseIsFoundWithTheCommandForIt() {
    long job = jobOfAna();
    token = "token-of-portage";

    Finding failed =
        doctor().stream().filter(f -> f.verdict() == Verdict.LACK).findFirst().orElseThrow();

    assertThat(failed.what()).isEqualTo("job " + job + " (churn scoring)");
    assertThat(failed.text()).contains("portage@example.com may not change it: 403");
    assertThat(failed.remedy())
        .contains("databricks permissions update jobs " + job + " --json ")
        .contains("\"user_name\":\"portage@example.com\",\"permission_level\":\"CAN_MANAGE\"");
  }

  @Test
  void theRefusedCallSaysTheSameAndTheCommandFixesBoth() {
    long job = jobOfAna();
    token = "token-of-portage";
    DatabricksApi portage = api();

    ApplicationFailure refused =
        catchThrowableOfType(
            ApplicationFailure.class, () -> portage.call("delete it", () -> delete(portage, job)));

    assertThat(refused.getOriginalMessage())
        .contains("databricks permissions update jobs " + job + " --json ");

    token = "token-of-ana";
    assertThat(
            api()
                .probe(
                    "grant",
                    "PATCH",
                    "/api/2.0/permissions/jobs/" + job,
                    "{\"access_control_list\":[{\"user_name\":\"portage@example.com\","
                        + "\"permission_level\":\"CAN_MANAGE\"}]}")
                .status())
        .isEqualTo(200);
    token = "token-of-portage";
    assertThat(doctor()).noneMatch(finding -> finding.what().startsWith("job "));
    portage.call("delete it", () -> delete(portage, job));
  }

  @Test
  void aPromotionThatWouldChangeItIsToldSoBeforeAnyoneApproves() {
    long job = jobOfAna();
    JobQuery query = new JobQuery("dev", "churn scoring", "churn");
    DatabricksJobs jobs =
        new DatabricksJobs(clients(), new Orders.MemoryUndoStore(), new FakeWait());
    assertThat(jobs.findJob(query)).isPresent();

    token = "token-of-portage";

    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> jobs.findJob(query)))
        .hasMessageContaining("check who may change job " + job)
        .hasMessageContaining("databricks permissions update jobs " + job + " --json ");
  }

  @Test
  void jobsThatPromotionsCreatedHaveNoFinding() {
    token = "token-of-portage";
    job(api());

    assertThat(doctor())
        .filteredOn(finding -> finding.what().equals("scoring jobs"))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
  }

  private long jobOfAna() {
    return job(api());
  }

  private static long job(DatabricksApi api) {
    return api.ask(
            "make a job",
            () ->
                api.jobs()
                    .create(
                        new CreateJob()
                            .setName("churn scoring")
                            .setTags(Map.of("portage_model", "churn"))
                            .setGitSource(
                                new GitSource()
                                    .setGitUrl("https://git.example.com/churn")
                                    .setGitProvider(GitProvider.GIT_HUB)
                                    .setGitCommit("0".repeat(40)))
                            .setTasks(
                                List.of(
                                    new Task()
                                        .setTaskKey("score")
                                        .setNotebookTask(
                                            new NotebookTask()
                                                .setNotebookPath("score")
                                                .setSource(Source.GIT))))))
        .getJobId();
  }

  private static void delete(DatabricksApi api, long job) {
    api.jobs().delete(new DeleteJob().setJobId(job));
  }

  private List<Finding> doctor() {
    return new DatabricksInspection(clients())
        .inspect(new WorkspaceNeeds("dev", null, null, List.of(WorkspaceNeeds.Right.MANAGE_JOBS)))
        .findings();
  }

  private DatabricksApi api() {
    return clients().of("dev");
  }

  private DatabricksClients clients() {
    return new DatabricksClients(
        name ->
            new DatabricksWorkspace(
                name,
                workspace.host(),
                new BearerToken("env:DEV_TOKEN", () -> token),
                Map.of(ComputeSettings.DEFAULT, ComputeSettings.serverless()),
                null),
        http.rest());
  }
}
