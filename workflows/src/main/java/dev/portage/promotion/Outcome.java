package dev.portage.promotion;

import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a promotion has made so far: its versions, what is live of it, and what is left over. */
final class Outcome {

  private final List<ModelVersion> versions = new ArrayList<>();
  private final List<Release> releases = new ArrayList<>();
  private final Map<String, String> left = new LinkedHashMap<>();
  private final List<String> liveBefore = new ArrayList<>();
  private List<Unfinished> unfinished = List.of();
  private @Nullable String notKnown;

  Outcome() {}

  /** As another run of the workflow left it. */
  Outcome(ProgressState before) {
    versions.addAll(before.versions());
    releases.addAll(before.releases());
    left.putAll(before.left());
    liveBefore.addAll(before.liveBefore());
    unfinished = before.unfinished();
    notKnown = before.notKnown();
  }

  void version(ModelVersion made) {
    versions.add(made);
  }

  /** Versions that it made, in order of the path. */
  List<ModelVersion> versions() {
    return versions;
  }

  /** One that it made or adopted, as it was then. */
  Optional<ModelVersion> version(String workspace, String number) {
    return versions.stream()
        .filter(one -> one.workspace().equals(workspace) && one.version().equals(number))
        .findFirst();
  }

  /** Whether something of it is live, or nobody could look. */
  boolean isLiveSomewhere() {
    return !releases.isEmpty() || !liveBefore.isEmpty() || notKnown != null;
  }

  /** Notes what is live through it; of a workspace the last word counts. */
  void release(Release made) {
    releases.removeIf(before -> before.workspace().equals(made.workspace()));
    releases.add(made);
  }

  /** What is live through it, one for each workspace. */
  List<Release> releases() {
    return releases;
  }

  /** Notes that it was live there before this run of the workflow, which changed nothing there. */
  void liveBefore(String version, String workspace) {
    liveBefore.add("v" + version + " in " + workspace);
  }

  /** What was live through it before this run of the workflow, such as "v3 in prod". */
  List<String> liveBefore() {
    return liveBefore;
  }

  /** What follows from its releases and is not done. */
  void unfinished(List<Unfinished> what) {
    unfinished = what;
  }

  /** What follows from its releases and is not done; empty when nothing is. */
  List<Unfinished> unfinished() {
    return unfinished;
  }

  /** The same in one line each, for those who see no page; empty when nothing is. */
  List<String> unfinishedTexts() {
    return unfinished.stream().map(Unfinished::text).toList();
  }

  /** Notes that nobody could look whether it is live somewhere: no ending says that it is not. */
  void notKnown(String what) {
    notKnown = what;
  }

  /** What nobody could look at, null when there is nothing. */
  @Nullable String notKnown() {
    return notKnown;
  }

  /** What is live of it where it ends before its way does. */
  String stillLive() {
    if (notKnown != null) {
      return notKnown;
    }
    if (!live().isEmpty()) {
      return live() + " stays live";
    }
    return liveBefore.isEmpty() ? "nothing of it is live" : released();
  }

  /** The final result, such as "released v3 in prod". */
  String released() {
    String before =
        liveBefore.isEmpty()
            ? ""
            : "already released: " + String.join(", ", liveBefore) + "; nothing changed there";
    if (live().isEmpty()) {
      return before;
    }
    return "released " + live() + (before.isEmpty() ? "" : "; " + before);
  }

  private String live() {
    return releases.stream()
        .map(release -> "v" + release.version() + " in " + release.workspace())
        .collect(Collectors.joining(", "));
  }

  /**
   * Notes what a step made and no compensation takes away.
   *
   * @param where replaces what was noted under the same name
   * @param what a few words, null when it is live now and so no leftover
   */
  void leaves(String where, @Nullable String what) {
    if (what == null) {
      left.remove(where);
    } else {
      left.put(where, what);
    }
  }

  /** What was made and is not live, by what made it. */
  Map<String, String> left() {
    return left;
  }
}
