package dev.portage.databricks;

import com.databricks.sdk.service.jobs.GitProvider;
import com.databricks.sdk.service.jobs.GitSource;
import com.databricks.sdk.service.jobs.NotebookTask;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.Source;
import java.util.Map;
import java.util.stream.Collectors;

/** Where jobs get their notebooks from, as the Jobs API expresses it. */
final class Sources {
  private static final Map<String, GitProvider> PROVIDERS =
      Map.of(
          "awsCodeCommit", GitProvider.AWS_CODE_COMMIT,
          "azureDevOpsServices", GitProvider.AZURE_DEV_OPS_SERVICES,
          "bitbucketCloud", GitProvider.BITBUCKET_CLOUD,
          "bitbucketServer", GitProvider.BITBUCKET_SERVER,
          "gitHub", GitProvider.GIT_HUB,
          "gitHubEnterprise", GitProvider.GIT_HUB_ENTERPRISE,
          "gitLab", GitProvider.GIT_LAB,
          "gitLabEnterpriseEdition", GitProvider.GIT_LAB_ENTERPRISE_EDITION);

  private Sources() {}

  /** The commit to check out: never a branch, which moves. */
  static GitSource git(Source source, String workspace) {
    GitProvider provider = PROVIDERS.get(source.gitProvider());
    if (provider == null) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "name the repository " + source.gitUrl(),
              "workspace " + workspace,
              "git provider "
                  + source.gitProvider()
                  + " is not one of "
                  + PROVIDERS.keySet().stream().sorted().collect(Collectors.joining(", ")),
              "Set the repository's provider to one of these."));
    }
    return new GitSource()
        .setGitUrl(source.gitUrl())
        .setGitProvider(provider)
        .setGitCommit(source.commit());
  }

  /** The notebook in that commit. */
  static NotebookTask notebook(Source source, String notebook, Map<String, String> widgets) {
    return new NotebookTask()
        .setNotebookPath(source.notebookPath(notebook))
        .setSource(com.databricks.sdk.service.jobs.Source.GIT)
        .setBaseParameters(widgets);
  }
}
