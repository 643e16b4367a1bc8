package dev.portage.start;

import dev.portage.checkout.AzureRepos;
import dev.portage.checkout.Checkout;
import dev.portage.checkout.GitRepository;
import dev.portage.job.Source;
import dev.portage.settings.PromotionFile;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds where workspaces read a commit's code, and says what may keep them from it. */
final class CommitSource {

  private final StartRequest request;
  private final boolean inPipeline;
  private final Checkout checkout;
  private final Origin origin;
  private final List<String> notes;

  /**
   * @param inPipeline whether a pipeline starts the promotion
   * @param checkout that has the commit
   * @param notes gets what people should know
   */
  CommitSource(
      StartRequest request,
      boolean inPipeline,
      Checkout checkout,
      Origin origin,
      List<String> notes) {
    this.request = request;
    this.inPipeline = inPipeline;
    this.checkout = checkout;
    this.origin = origin;
    this.notes = notes;
  }

  /**
   * Where workspaces read the code of a commit.
   *
   * @return null where there is no such place, and nothing of the commit is needed
   * @throws StartException if there is none, and something is needed
   */
  @Nullable Source of(String commit, PromotionFile read) {
    Optional<GitRepository> found = origin.repository();
    if (found.isEmpty()) {
      if (!read.needsCommit()) {
        return null;
      }
      throw new StartException(
          "the checkout has no remote that workspaces could read the code from; add one (git remote add origin URL) or set --repository URL; a running sandbox needs none: portage sandbox");
    }
    GitRepository repository = found.get();
    refuseMissingProject(repository, commit);
    if (repository.url().startsWith("https:") && !inPipeline && !checkout.isPushed(commit)) {
      notes.add(
          "commit "
              + DraftMaker.shortId(commit)
              + " is on no remote branch known here; workspaces read it from "
              + repository.url()
              + ", so push it");
    }
    if (request.gitProvider() == null && repository.isGuessed()) {
      notes.add(
          "can't tell which service hosts "
              + repository.url()
              + ", so Portage assumes "
              + repository.provider()
              + "; set it with --git-provider");
    }
    return new Source(
        repository.url(),
        repository.provider(),
        commit,
        checkout.folder(),
        RequirementsFiles.of(checkout, commit, notes));
  }

  /**
   * A commit that was pushed or fetched had a project to go to, and so has a pipeline; otherwise it
   * is asked for before workspaces find out.
   */
  private void refuseMissingProject(GitRepository repository, String commit) {
    if (!repository.isOfAzureRepos()
        || !repository.url().startsWith("https:")
        || inPipeline
        || (request.repository() == null && checkout.isPushed(commit))) {
      return;
    }
    checkout
        .lackOf(repository.url())
        .ifPresent(lack -> {
          switch (lack) {
            case AzureRepos.Lack.Project(String name) ->
                throw new StartException(
                    "there is no project "
                        + name
                        + " at "
                        + repository.url()
                        + "; correct the address, or make the project: az devops project create"
                        + " --name NAME");
            case AzureRepos.Lack.Repository(String name) ->
                notes.add(
                    "your Git login sees no repository "
                        + name
                        + " at "
                        + repository.url()
                        + "; workspaces need one with this commit");
          }
        });
  }
}
