package dev.portage.checkout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everyone who had a hand in a commit: its author, committer and co-authors and, for a merge, those
 * of every commit that came in with it, which is everything its first parent doesn't have.
 */
final class CommitPeople {

  /** Beyond this it is no merge of a change, but of histories. */
  private static final int MOST_COMMITS = 20_000;

  /** Of those since a version that is live; in a promotion each takes its place. */
  private static final int MOST_SINCE = 500;

  /** What a promotion can carry of them, in characters. */
  private static final int MOST_CHARACTERS = 32 * 1024;

  private final Git git;

  CommitPeople(Git git) {
    this.git = git;
  }

  /**
   * Their addresses, or names where there is no address; each once, the commit's own first.
   *
   * @throws CheckoutException where they can't all be known
   */
  List<String> of(String id) {
    Commit commit = commit(id);
    Set<String> people = new LinkedHashSet<>(commit.people());
    if (commit.parents().size() > 1) {
      merged(id, commit).forEach(one -> people.addAll(one.people()));
    }
    if (people.stream().mapToInt(String::length).sum() > MOST_CHARACTERS) {
      throw new CheckoutException(
          "commit "
              + id.substring(0, 12)
              + " names "
              + people.size()
              + " people, more than a promotion can carry; promote one that merges fewer");
    }
    return List.copyOf(people);
  }

  /**
   * Everyone who had a hand in what one commit has and another has not, the newest first.
   *
   * @param id full id of the newer one
   * @param base full id of one that is in this checkout
   */
  CommitRange since(String id, String base) {
    Git.Answer listed =
        git.ask("rev-list", "--max-count=" + (MOST_SINCE + 1), id, "--not", base, "--");
    List<String> ids = listed.text().lines().toList();
    List<String> gaps = new ArrayList<>();
    String since = "since " + base.substring(0, 12);
    if (!listed.good()) {
      return new CommitRange(List.of(), List.of(), List.of("Git can't list the commits " + since));
    }
    if (ids.size() > MOST_SINCE) {
      gaps.add("only the last " + MOST_SINCE + " commits " + since + " are searched for people");
      ids = ids.subList(0, MOST_SINCE);
    }
    Set<String> ends = ends(id);
    if (ids.stream().anyMatch(ends::contains)) {
      gaps.add(
          "this checkout is shallow and lacks some commits "
              + since
              + " (git fetch --unshallow; in a pipeline: fetchDepth: 0)");
    }
    Set<String> people = new LinkedHashSet<>();
    int characters = 0;
    for (Commit commit : ids.isEmpty() ? List.<Commit>of() : read(ids)) {
      for (String name : commit.people()) {
        if (characters < MOST_CHARACTERS / 2 && people.add(name)) {
          characters += name.length();
        }
      }
    }
    if (characters >= MOST_CHARACTERS / 2) {
      gaps.add(
          "only the latest " + people.size() + " people of the commits " + since + " are kept");
    }
    return new CommitRange(ids, List.copyOf(people), gaps);
  }

  /** The commit alone. */
  Commit commit(String id) {
    return Commit.read(git.must("cat-file", "commit", id).bytes());
  }

  private List<Commit> merged(String id, Commit commit) {
    Git.Answer listed =
        git.ask(
            "rev-list",
            "--max-count=" + (MOST_COMMITS + 1),
            id,
            "--not",
            commit.parents().getFirst(),
            "--");
    List<String> ids = listed.text().lines().toList();
    Set<String> ends = ends(id);
    // Where the commit itself is the end, git knows nothing of its parents.
    if (!listed.good() || ids.stream().anyMatch(ends::contains)) {
      throw new CheckoutException(
          "commit "
              + id.substring(0, 12)
              + " is a merge and this checkout is shallow, so who made the merged commits, and may"
              + " not approve, is unknown; fetch the rest: git fetch --unshallow (in a pipeline:"
              + " fetchDepth: 0)");
    }
    if (ids.size() > MOST_COMMITS) {
      throw new CheckoutException(
          "commit "
              + id.substring(0, 12)
              + " merges more than "
              + MOST_COMMITS
              + " others, too many to tell who made them and may not approve; promote a later"
              + " commit");
    }
    return read(ids);
  }

  /** Commits at which a shallow history ends, seen from one; empty where all is here. */
  private Set<String> ends(String id) {
    return git.ask("rev-parse", "--is-shallow-repository").text().equals("true")
        ? Set.copyOf(git.must("rev-list", "--max-parents=0", id, "--").text().lines().toList())
        : Set.of();
  }

  private List<Commit> read(List<String> ids) {
    byte[] answer =
        git.answer(
                (String.join("\n", ids) + "\n").getBytes(StandardCharsets.US_ASCII),
                "cat-file",
                "--batch")
            .bytes();
    List<Commit> commits = new ArrayList<>();
    int at = 0;
    while (at < answer.length) {
      int end = at;
      while (answer[end] != '\n') {
        end++;
      }
      // "<id> commit <size>", the object, a line's end.
      String[] head = new String(answer, at, end - at, StandardCharsets.US_ASCII).split(" ", -1);
      int size = Integer.parseInt(head[head.length - 1]);
      commits.add(Commit.read(Arrays.copyOfRange(answer, end + 1, end + 1 + size)));
      at = end + size + 2;
    }
    return commits;
  }
}
