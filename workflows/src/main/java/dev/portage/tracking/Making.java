package dev.portage.tracking;

import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run, and the version made from it, say about who made them. Anyone who may write there can
 * say it; it bars people and admits nobody.
 *
 * @param commits ids of commits that it says it was trained from, as they are written there; empty
 *     when it says nothing
 * @param users who ran it, as the tracking server or the client names them: an address, an account
 *     of a machine; empty when nobody is named
 * @param ofJob whether it has the tags of the job run that was searched for; false if there was no
 *     such job run
 */
public record Making(List<String> commits, List<String> users, Boolean ofJob) {

  /** More than a run, and the versions that were made of it, have places for. */
  private static final int MOST = 40;

  public Making {
    commits = bounded(commits, Bounded.NAME);
    users = bounded(users, Bounded.PERSON);
  }

  private static List<String> bounded(List<String> texts, int bytes) {
    return texts.stream()
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(text -> Bounded.line(text, bytes))
        .distinct()
        .limit(MOST)
        .toList();
  }

  /** The same, with what else is said about commits. */
  public Making with(List<String> otherCommits) {
    List<String> all = new ArrayList<>(commits);
    all.addAll(otherCommits);
    return new Making(all, users, ofJob);
  }
}
