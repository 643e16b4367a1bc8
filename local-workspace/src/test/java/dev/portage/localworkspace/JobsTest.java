package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.BadRequest;
import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.ResourceDoesNotExist;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.jobs.BaseJob;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.CronSchedule;
import com.databricks.sdk.service.jobs.Job;
import com.databricks.sdk.service.jobs.JobCluster;
import com.databricks.sdk.service.jobs.JobParameterDefinition;
import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import com.databricks.sdk.service.jobs.PauseStatus;
import com.databricks.sdk.service.jobs.ResetJob;
import com.databricks.sdk.service.jobs.RunNow;
import com.databricks.sdk.service.jobs.Task;
import dev.portage.localworkspace.jobs.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs, through Databricks' own client. */
class JobsTest {
  @TempDir Path folder;
  private TestWorkspace test;

  @BeforeEach
  void start() throws IOException {
    test = TestWorkspace.in(folder);
  }

  @AfterEach
  void stop() {
    test.close();
  }

  @Test
  void aJobComesBackAsItWasMade() {
    long id =
        test.client
            .jobs()
            .create(
                new CreateJob()
                    .setName("diabetes-batch")
                    .setGitSource(TestWorkspace.git())
                    .setTags(Map.of("portage.model", "diabetes"))
                    .setSchedule(
                        new CronSchedule()
                            .setQuartzCronExpression("0 0 6 ? * MON-FRI")
                            .setTimezoneId("Europe/Berlin")
                            .setPauseStatus(PauseStatus.PAUSED))
                    .setJobClusters(
                        List.of(
                            new JobCluster()
                                .setJobClusterKey("main")
                                .setNewCluster(
                                    new ClusterSpec()
                                        .setSparkVersion("16.4.x-cpu-ml-scala2.12")
                                        .setInstancePoolId("pool-1")
                                        .setNumWorkers(0L))))
                    .setTasks(List.of(TestWorkspace.task("score").setJobClusterKey("main"))))
            .getJobId();

    Job job = test.client.jobs().get(id);

    assertThat(job.getCreatorUserName()).isEqualTo("ana@example.com");
    assertThat(job.getSettings().getName()).isEqualTo("diabetes-batch");
    assertThat(job.getSettings().getTags()).containsEntry("portage.model", "diabetes");
    assertThat(job.getSettings().getSchedule().getPauseStatus()).isEqualTo(PauseStatus.PAUSED);
    assertThat(job.getSettings().getMaxConcurrentRuns()).isEqualTo(1);
    Task task = job.getSettings().getTasks().iterator().next();
    assertThat(task.getNotebookTask().getNotebookPath()).isEqualTo("notebooks/train");
    assertThat(
            job.getSettings()
                .getJobClusters()
                .iterator()
                .next()
                .getNewCluster()
                .getInstancePoolId())
        .isEqualTo("pool-1");
  }

  @Test
  void theSameBodyTwiceMakesTwoJobsBecauseCreatingHasNoIdempotencyToken() {
    long first = create("twin");
    long second = create("twin");

    assertThat(first).isNotEqualTo(second);
    assertThat(list(new ListJobsRequest().setName("TWIN"))).hasSize(2);
  }

  @Test
  void aListGoesOverPagesNewestFirstAndShowsTasksOnlyWhenAsked() {
    for (int i = 0; i < 5; i++) {
      create("job-" + i);
    }

    assertThat(list(new ListJobsRequest().setLimit(2L)))
        .extracting(job -> job.getSettings().getName())
        .containsExactly("job-4", "job-3", "job-2", "job-1", "job-0");
    assertThat(list(new ListJobsRequest().setName("job-3")).getFirst().getSettings().getTasks())
        .isNull();
    assertThat(
            list(new ListJobsRequest().setName("job-3").setExpandTasks(true))
                .getFirst()
                .getSettings()
                .getTasks())
        .hasSize(1);
    assertThat(list(new ListJobsRequest().setName("job"))).isEmpty();
  }

  @Test
  void resetReplacesAllSettingsAndKeepsTheJob() {
    long id =
        test.client
            .jobs()
            .create(new CreateJob().setName("before").setTags(Map.of("a", "b")))
            .getJobId();

    test.client
        .jobs()
        .reset(new ResetJob().setJobId(id).setNewSettings(new JobSettings().setName("after")));

    Job job = test.client.jobs().get(id);
    assertThat(job.getSettings().getName()).isEqualTo("after");
    assertThat(job.getSettings().getTags()).isNull();
  }

  @Test
  void aDeletedJobIsGone() {
    long id = create("gone");

    test.client.jobs().delete(id);

    assertThatThrownBy(() -> test.client.jobs().get(id))
        .isInstanceOf(ResourceDoesNotExist.class)
        .hasMessageContaining("Job " + id + " does not exist");
    assertThatThrownBy(() -> test.client.jobs().delete(id)).isInstanceOf(BadRequest.class);
  }

  @Test
  void jobParametersReachTheNotebookAndReferencesAreFilledIn() {
    long id =
        test.client
            .jobs()
            .create(
                new CreateJob()
                    .setName("score")
                    .setGitSource(TestWorkspace.git())
                    .setParameters(
                        List.of(
                            new JobParameterDefinition().setName("model_version").setDefault("1"),
                            new JobParameterDefinition()
                                .setName("table")
                                .setDefault("predictions")))
                    .setTasks(
                        List.of(
                            new Task()
                                .setTaskKey("score")
                                .setNotebookTask(
                                    TestWorkspace.notebook()
                                        .setBaseParameters(
                                            Map.of(
                                                "table", "own",
                                                "run",
                                                    "{{job.run_id}} of {{job.parameters.model_version}}"))))))
            .getJobId();

    long run =
        test.client
            .jobs()
            .runNow(new RunNow().setJobId(id).setJobParameters(Map.of("model_version", "7")))
            .getResponse()
            .getRunId();

    assertThat(test.runner.next().launch().work())
        .isEqualTo(
            new Work.Notebook(
                "notebooks/train",
                Map.of("model_version", "7", "table", "predictions", "run", run + " of 7")));
    assertThatThrownBy(() ->
            test.client
                .jobs()
                .runNow(new RunNow().setJobId(id).setJobParameters(Map.of("modle_version", "7"))))
        .isInstanceOf(InvalidParameterValue.class)
        .hasMessageContaining("has no parameter modle_version");
  }

  private long create(String name) {
    return test.client
        .jobs()
        .create(
            new CreateJob()
                .setName(name)
                .setGitSource(TestWorkspace.git())
                .setTasks(List.of(TestWorkspace.task("main"))))
        .getJobId();
  }

  private List<BaseJob> list(ListJobsRequest request) {
    return StreamSupport.stream(test.client.jobs().list(request).spliterator(), false).toList();
  }
}
