package dev.portage.checkout;

import dev.portage.gate.Ancestry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The git checkout around a folder. Calls the git command; changes nothing. */
public final class Checkout {

  /** A server that doesn't answer holds nobody up for longer. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Git git;
  private final Path top;
  private final String folder;
  private final boolean bare;
  private final CheckoutFiles files;
  private final Relations relations;

  private Checkout(Git git, Path top, String folder, boolean bare) {
    this.git = git;
    this.top = top;
    this.folder = folder;
    this.bare = bare;
    this.files = new CheckoutFiles(git, top, folder, bare);
    this.relations = new Relations(git);
  }

  /**
   * The checkout that a folder belongs to; empty if it belongs to none.
   *
   * @throws CheckoutException when git does not run, or refuses to look at the folder
   */
  public static Optional<Checkout> around(Path folder) {
    Path there = existing(folder.toAbsolutePath().normalize());
    Git git = new Git(there);
    Git.Answer top = git.ask("rev-parse", "--show-toplevel");
    if (!top.good()) {
      if (git.ask("rev-parse", "--is-bare-repository").text().equals("true")) {
        return Optional.of(
            bare(git, there.relativize(folder.toAbsolutePath().normalize()).toString()));
      }
      if (top.trouble().contains("not a git repository")) {
        return Optional.empty();
      }
      throw new CheckoutException("Git can't read " + folder + ": " + top.trouble());
    }
    String prefix = git.must("rev-parse", "--show-prefix").text();
    String inside =
        prefix
            + there.relativize(folder.toAbsolutePath().normalize()).toString().replace('\\', '/');
    Path root = Path.of(top.text());
    return Optional.of(
        new Checkout(
            new Git(root),
            root,
            inside.endsWith("/") ? inside.substring(0, inside.length() - 1) : inside,
            false));
  }

  /** A repository without a working copy: what counts is in its commits. */
  private static Checkout bare(Git git, String inside) {
    Path home = Path.of(git.must("rev-parse", "--absolute-git-dir").text());
    return new Checkout(new Git(home), home, inside.replace('\\', '/'), true);
  }

  /** The folder, or the nearest existing parent: a sparse checkout leaves folders out. */
  private static Path existing(Path folder) {
    @Nullable Path at = folder;
    while (at != null && !Files.isDirectory(at)) {
      at = at.getParent();
    }
    return at == null ? folder : at;
  }

  /** Whether there is no working copy. */
  public boolean isBare() {
    return bare;
  }

  /** Top of the working copy; of a bare repository the repository itself. */
  public Path top() {
    return top;
  }

  /** Whether a folder is the top of the working copy, by any name. */
  public boolean isAt(Path other) {
    try {
      return Files.isSameFile(top, other);
    } catch (IOException _) {
      return false;
    }
  }

  /** The folder inside the repository, with {@code /}; "" at its top. */
  public String folder() {
    return folder;
  }

  /** Path inside the repository of a file of the folder. */
  public String path(String name) {
    return files.path(name);
  }

  /**
   * Full id of a commit.
   *
   * @param name branch, tag, HEAD, or an id that may be shortened
   * @throws CheckoutException when this checkout has no such commit
   */
  public String commit(String name) {
    return find(name)
        .orElseThrow(() ->
            new CheckoutException(
                "this checkout has no commit \""
                    + name
                    + "\"; commit first, or fetch it (in a pipeline: fetchDepth: 0)"));
  }

  /** Full id of a commit; empty when this checkout has no such commit. */
  public Optional<String> find(String name) {
    Git.Answer answer =
        git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}");
    return answer.good() ? Optional.of(answer.text()) : Optional.empty();
  }

  /**
   * A file of the folder as it is in a commit, byte for byte; a link inside the repository is
   * followed. Empty when the commit does not have it.
   *
   * @throws CheckoutException when it is a link that leads out of the repository
   */
  public Optional<byte[]> fileAt(String commit, String name) {
    return blob(commit, name).map(Blob::bytes);
  }

  /** Whether a commit has a file at this path of the repository. */
  public boolean hasFile(String commit, String path) {
    return Blob.find(git, commit, path).isPresent();
  }

  /**
   * The path of a commit that differs from a file's in capitals only; empty when there is none. On
   * Windows and macOS such a file opens by either name, and git knows it by one.
   */
  public Optional<String> spelledOtherwise(String commit, String name) {
    return git.must("ls-tree", "-r", "-z", "--full-tree", "--name-only", commit).names().stream()
        .filter(path -> path.equalsIgnoreCase(path(name)))
        .findFirst();
  }

  /**
   * Whether someone really changed a file of the working copy, rather than writing it differently.
   */
  public boolean differs(String commit, String name) {
    return !bare && blob(commit, name).map(blob -> workingFile(name).differs(blob)).orElse(true);
  }

  /** Whether a file is left out of the working copy on purpose, as in a sparse checkout. */
  public boolean isLeftOut(String name) {
    return bare || workingFile(name).isLeftOut();
  }

  /** The command that makes a file of the working copy what it is in a commit. */
  public String takeBack(String commit, String name) {
    return workingFile(name).takeBack(commit);
  }

  private Optional<Blob> blob(String commit, String name) {
    return Blob.find(git, commit, path(name));
  }

  private WorkingFile workingFile(String name) {
    return new WorkingFile(git, top, path(name));
  }

  /** Names of its files. */
  public CheckoutFiles files() {
    return files;
  }

  /**
   * Email address of a commit's author or committer, as stored in the commit. If a hosting service
   * committed for someone, the author's.
   */
  public Optional<String> committer(String commit) {
    String maker = new CommitPeople(git).commit(commit).maker();
    return maker.isEmpty() ? Optional.empty() : Optional.of(maker);
  }

  /**
   * Addresses of everyone who had a hand in a commit: author, committer, co-authors, and those of
   * the commits that it merged.
   *
   * @throws CheckoutException where they can't all be known, as in a shallow checkout of a merge
   */
  public List<String> people(String commit) {
    return new CommitPeople(git).of(commit);
  }

  /**
   * Everything that one commit has and another has not, with its people.
   *
   * @param commit full id
   * @param base full id
   * @return empty when this checkout does not have the other
   */
  public Optional<CommitRange> since(String commit, String base) {
    return relations.has(base)
        ? Optional.of(new CommitPeople(git).since(commit, base))
        : Optional.empty();
  }

  /**
   * Full id of a commit of this checkout that something names by its id, which may be shortened;
   * empty where it is no id, or the checkout has no such commit.
   */
  public Optional<String> findById(String id) {
    String lower = id.strip().toLowerCase(Locale.ROOT);
    return lower.matches("[0-9a-f]{7,64}")
        ? find(lower).filter(found -> found.startsWith(lower))
        : Optional.empty();
  }

  /**
   * Commits before a commit, full ids, the newest first; as many as wanted, and fewer where the
   * history ends, as in a shallow checkout.
   */
  public List<String> before(String commit, int most) {
    return git.ask("rev-list", "--max-count=" + (most + 1), commit, "--")
        .text()
        .lines()
        .skip(1)
        .toList();
  }

  /** The newest commits from here back, full ids, newest first; none in an empty repository. */
  public List<String> newest(int most) {
    return git.ask("rev-list", "--max-count=" + most, "HEAD").text().lines().toList();
  }

  /** The first digits of the ids of the newest 50,000 commits here, of any branch. */
  public Set<String> shortIds(int digits) {
    return git.ask("rev-list", "--max-count=50000", "--all", "HEAD")
        .text()
        .lines()
        .map(id -> id.substring(0, Math.min(digits, id.length())))
        .collect(Collectors.toSet());
  }

  /** Whether Git knows who commits here: otherwise it asks, and commits nothing. */
  public boolean knowsWhoCommits() {
    return userEmail().isPresent() && !git.ask("config", "user.name").text().isEmpty();
  }

  /** Mail address that git would commit with; empty when none is set. */
  public Optional<String> userEmail() {
    Git.Answer answer = git.ask("config", "user.email");
    return answer.good() && !answer.text().isEmpty()
        ? Optional.of(answer.text())
        : Optional.empty();
  }

  /**
   * Addresses of the remote, the likeliest first: as it is written down, and as this machine
   * rewrites it ({@code insteadOf}). The remote named origin, or the only one. They may hold a
   * login.
   */
  public List<String> remotes() {
    List<String> names = git.ask("remote").text().lines().toList();
    String name = names.size() == 1 ? names.getFirst() : "origin";
    return Stream.of(
            git.ask("config", "-z", "--get-all", "remote." + name + ".url").names(),
            git.ask("remote", "get-url", name).text().lines().toList())
        .flatMap(List::stream)
        .filter(address -> !address.isBlank())
        .distinct()
        .toList();
  }

  /**
   * What a repository of Azure Repos lacks, as far as this machine's Git login can see; empty where
   * nothing does, or no answer came within seconds.
   *
   * @param url of the repository, without a login
   */
  public Optional<AzureRepos.Lack> lackOf(String url) {
    return AzureRepos.lack(git.within(LOOK, "ls-remote", "--quiet", url, "HEAD").trouble());
  }

  /** Whether a remote branch known here contains the commit. */
  public boolean isPushed(String commit) {
    Git.Answer answer =
        git.ask("for-each-ref", "--count=1", "--contains=" + commit, "refs/remotes");
    return answer.good() && !answer.text().isEmpty();
  }

  /** Whether history ends early here, as in a pipeline without {@code fetchDepth: 0}. */
  public boolean isShallow() {
    return relations.isShallow();
  }

  /**
   * How a commit relates to others. Those that this checkout doesn't know, or can't relate because
   * its history ends early, are left out.
   */
  public List<Ancestry> ancestry(String commit, Collection<String> others) {
    List<Ancestry> known = new ArrayList<>();
    for (String other : new LinkedHashSet<>(others)) {
      relations
          .between(commit, other)
          .ifPresent(relation -> known.add(new Ancestry(other, relation)));
    }
    return known;
  }
}
