package dev.portage.checkout;

import dev.portage.gate.Ancestry.Relation;
import java.util.Optional;

/** How commits of a repository relate to each other. */
final class Relations {

  private final Git git;

  Relations(Git git) {
    this.git = git;
  }

  /**
   * How a commit relates to another; empty if the repository doesn't know the other, or can't
   * relate them because its history ends early.
   */
  Optional<Relation> between(String commit, String other) {
    if (commit.equals(other)) {
      return Optional.of(Relation.SAME);
    }
    if (!has(other)) {
      return Optional.empty();
    }
    if (isAncestor(other, commit)) {
      return Optional.of(Relation.NEWER);
    }
    if (isAncestor(commit, other)) {
      return Optional.of(Relation.OLDER);
    }
    return isShallow() ? Optional.empty() : Optional.of(Relation.DIVERGED);
  }

  /** Whether the repository has this commit. */
  boolean has(String id) {
    return id.matches("[0-9a-f]{40}|[0-9a-f]{64}")
        && git.ask("cat-file", "-e", id + "^{commit}").good();
  }

  /** Whether history ends early. */
  boolean isShallow() {
    return git.ask("rev-parse", "--is-shallow-repository").text().equals("true");
  }

  private boolean isAncestor(String older, String newer) {
    return git.ask("merge-base", "--is-ancestor", older, newer).good();
  }
}
