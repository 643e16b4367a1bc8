package dev.portage.plan;

import dev.portage.candidate.ManifestRef;
import dev.portage.settings.Station;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws up what a hop will change. Pure: the caller passes in what becomes of live things. */
public final class Planner {

  /** Placeholder for the version that the hop will create, whose number the registry assigns. */
  public static final String NEW_VERSION = "<new version>";

  /** Placeholder for the existing versions, on which no plan depends. */
  static final String VERSIONS = "its versions";

  private Planner() {}

  /**
   * The plan of one hop.
   *
   * @param live what becomes of what is live, in order
   * @param versions numbers of existing versions, null if unknown
   * @param manifest the candidate's files, null before it is registered
   */
  public static Plan plan(
      Station target,
      List<Action> live,
      @Nullable String versions,
      @Nullable ManifestRef manifest) {
    String where = target.workspace();
    List<Action> actions = new ArrayList<>();
    actions.add(
        new Action(
            where + "/copy",
            "files in " + where,
            "nothing",
            "the candidate's: " + files(manifest)));
    actions.add(
        new Action(
            where + "/register",
            "registered model " + target.model() + " in " + where,
            VERSIONS,
            "and " + NEW_VERSION));
    actions.addAll(live);
    return new Plan(where, actions, versions);
  }

  private static String files(@Nullable ManifestRef manifest) {
    return manifest == null
        ? "<its files>"
        : manifest.files()
            + " files, "
            + manifest.bytes()
            + " bytes, digest "
            + manifest.shortDigest();
  }
}
