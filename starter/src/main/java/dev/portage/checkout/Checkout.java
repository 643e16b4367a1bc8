package dev.portage.checkout;

import dev.portage.gate.Ancestry;
import dev.portage.gate.Ancestry.Relation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The git checkout around a folder. Asks the git command; nothing is changed. */
public final class Checkout {

  private final Git git;
  private final Path top;
  private final String folder;

  private Checkout(Git git, Path top, String folder) {
    this.git = git;
    this.top = top;
    this.folder = folder;
  }

  /**
   * The checkout that a folder belongs to; empty when it belongs to none.
   *
   * @throws CheckoutException when git does not run, or refuses to look at the folder
   */
  public static Optional<Checkout> around(Path folder) {
    Git git = new Git(folder);
    Git.Answer top = git.ask("rev-parse", "--show-toplevel");
    if (!top.good()) {
      if (top.trouble().contains("not a git repository")) {
        return Optional.empty();
      }
      throw new CheckoutException("git does not read " + folder + ": " + top.trouble());
    }
    String prefix = git.must("rev-parse", "--show-prefix").text();
    String inside = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return Optional.of(new Checkout(git, Path.of(top.text()), inside));
  }

  /** Top of the working copy. */
  public Path top() {
    return top;
  }

  /** The folder inside the repository, with {@code /}; "" at its top. */
  public String folder() {
    return folder;
  }

  /** Path inside the repository of a file of the folder. */
  public String path(String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  /**
   * Full id of a commit.
   *
   * @param name branch, tag, HEAD, or an id that may be shortened
   * @throws CheckoutException when this checkout has no such commit
   */
  public String commit(String name) {
    Git.Answer answer =
        git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}");
    if (!answer.good()) {
      throw new CheckoutException(
          "this checkout has no commit \""
              + name
              + "\"; commit first, or fetch it (in a pipeline: fetchDepth: 0)");
    }
    return answer.text();
  }

  /** A file of the folder as it is in a commit; empty when the commit does not have it. */
  public Optional<byte[]> fileAt(String commit, String name) {
    Git.Answer answer = git.ask("cat-file", "blob", commit + ":" + path(name));
    return answer.good() ? Optional.of(answer.bytes()) : Optional.empty();
  }

  /** Whether a file of the working copy is not as it is in a commit. */
  public boolean differs(String commit, String name) {
    return !git.ask("diff", "--quiet", commit, "--", ":(literal)" + name).good();
  }

  /** Notebooks and modules of the folder in a commit, relative to it. */
  public List<String> notebooksAt(String commit) {
    // Run in the folder, ls-tree lists what is below it, by names relative to it.
    return notebooks(git.must("ls-tree", "-r", "-z", "--name-only", commit).names());
  }

  /** Notebooks and modules of the folder as they are in the working copy, relative to it. */
  public List<String> notebooksInWorkingCopy() {
    return notebooks(
        git.must("ls-files", "-z", "--cached", "--others", "--exclude-standard").names());
  }

  private static List<String> notebooks(Collection<String> names) {
    return new LinkedHashSet<>(names)
        .stream().filter(name -> name.endsWith(".py") || name.endsWith(".ipynb")).toList();
  }

  /** Files of the folder that are not as in the last commit, relative to the top. */
  public List<String> uncommitted() {
    List<String> files = new ArrayList<>();
    for (String line : git.must("status", "--porcelain=v1", "-z", "--no-renames", ".").names()) {
      files.add(line.substring(Math.min(3, line.length())));
    }
    return files;
  }

  /**
   * Mail address of who made a commit. Where a hosting service committed for somebody, its
   * author's.
   */
  public Optional<String> committer(String commit) {
    List<String> lines =
        git.must("show", "-s", "--format=%ce%n%ae", commit).text().lines().toList();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String committer = lines.getFirst();
    String person = committer.startsWith("noreply@") ? lines.getLast() : committer;
    return person.isBlank() ? Optional.empty() : Optional.of(person);
  }

  /** Mail address that git would commit with; empty when none is set. */
  public Optional<String> userEmail() {
    Git.Answer answer = git.ask("config", "user.email");
    return answer.good() && !answer.text().isEmpty()
        ? Optional.of(answer.text())
        : Optional.empty();
  }

  /** Address of the remote named origin; empty when there is none. */
  public Optional<String> origin() {
    Git.Answer answer = git.ask("remote", "get-url", "origin");
    return answer.good() && !answer.text().isEmpty()
        ? Optional.of(answer.text())
        : Optional.empty();
  }

  /** Whether a remote branch, as far as known here, holds the commit. */
  public boolean isPushed(String commit) {
    Git.Answer answer = git.ask("branch", "-r", "--contains", commit);
    return answer.good() && !answer.text().isEmpty();
  }

  /** Whether history ends early here, as in a pipeline without {@code fetchDepth: 0}. */
  public boolean isShallow() {
    return git.ask("rev-parse", "--is-shallow-repository").text().equals("true");
  }

  /**
   * How a commit stands to others. One that this checkout does not know, or whose relation it can't
   * tell since its history ends early, is left out.
   */
  public List<Ancestry> ancestry(String commit, Collection<String> others) {
    List<Ancestry> known = new ArrayList<>();
    for (String other : new LinkedHashSet<>(others)) {
      relation(commit, other).ifPresent(relation -> known.add(new Ancestry(other, relation)));
    }
    return known;
  }

  private Optional<Relation> relation(String commit, String other) {
    if (commit.equals(other)) {
      return Optional.of(Relation.SAME);
    }
    if (!other.matches("[0-9a-f]{40}") || !git.ask("cat-file", "-e", other + "^{commit}").good()) {
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

  private boolean isAncestor(String older, String newer) {
    return git.ask("merge-base", "--is-ancestor", older, newer).good();
  }
}
