package dev.portage.azuredevops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.promotion.Build;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineTest {

  @Test
  void thereIsNoPipelineOutsideOfOne() {
    assertThat(Pipeline.of(Map.of("HOME", "/home/ana"))).isEmpty();
  }

  @Test
  void aRunKnowsWhoWhatAndWhere() {
    Pipeline pipeline =
        Pipeline.of(
                Map.of(
                    "TF_BUILD", "True",
                    "BUILD_REASON", "IndividualCI",
                    "BUILD_BUILDID", "4711",
                    "BUILD_SOURCEVERSION", "0123",
                    "BUILD_REQUESTEDFOREMAIL", "ana@example.com",
                    "SYSTEM_COLLECTIONURI", "https://dev.azure.com/team/",
                    "SYSTEM_TEAMPROJECT", "ml models",
                    "AGENT_TEMPDIRECTORY", "$(Agent.TempDirectory)"))
            .orElseThrow();

    assertThat(pipeline.isPullRequest()).isFalse();
    assertThat(pipeline.commit()).contains("0123");
    assertThat(pipeline.requestedFor()).contains("ana@example.com");
    assertThat(pipeline.build())
        .contains(
            new Build(
                "4711",
                URI.create("https://dev.azure.com/team/ml%20models/_build/results?buildId=4711")));
    assertThat(pipeline.folder()).as("a variable that nobody set").isEmpty();
  }

  @Test
  void aPullRequestIsKnown() {
    assertThat(
            Pipeline.of(Map.of("TF_BUILD", "True", "BUILD_REASON", "PullRequest"))
                .orElseThrow()
                .isPullRequest())
        .isTrue();
  }

  @Test
  void aPullRequestMergeIsRecognisedWhoeverStartedTheRun() {
    assertThat(
            Pipeline.of(
                    Map.of(
                        "TF_BUILD", "True",
                        "BUILD_REASON", "Manual",
                        "BUILD_SOURCEBRANCH", "refs/pull/12/merge"))
                .orElseThrow()
                .isPullRequest())
        .isTrue();
  }
}
