package dev.portage.registry;

import java.util.Map;

/** Tags that Portage writes on runs and versions. Without dots, which Unity Catalog refuses. */
public final class Tags {
  /** Id of the promotion. */
  public static final String PROMOTION = "portage_promotion";

  /** Key of the effect: who searches by it finds what was made. */
  public static final String KEY = "portage_key";

  /**
   * On a version that the run registered itself, before Portage adopted it: it is never deleted.
   */
  public static final String FOUND = "portage_found";

  /**
   * On a version: numbers of duplicates of it that a call without a response had created, and that
   * were removed while it was made, comma separated. Whoever asks for it again, since that answer
   * was lost as well, learns of them.
   */
  public static final String DUPLICATES = "portage_duplicates";

  /** Digest of the manifest. */
  public static final String DIGEST = "portage_digest";

  /** Where the manifest is stored. */
  public static final String MANIFEST = "portage_manifest";

  /** Full id of the commit. */
  public static final String COMMIT = "portage_commit";

  /** Build of the pipeline that started the promotion. */
  public static final String BUILD = "portage_build";

  /** On an entry of the log: what happened, such as "release". */
  public static final String HISTORY = "portage_history";

  /** On an entry of the log: the model's name in {@code promotion.yaml}. */
  public static final String NAME = "portage_name";

  /** The registered model of the object. */
  public static final String MODEL = "portage_model";

  /**
   * On an endpoint or a job, set by people alone: the registered model that takes it over from the
   * one that it serves or scores with.
   */
  public static final String REGISTERED = "portage_registered";

  /**
   * On a job or an entry of the log: its workspace in the platform file, since several may be at
   * one address.
   */
  public static final String WORKSPACE = "portage_workspace";

  /** The chain from the run that trained it to this version, a line a link; only ever grows. */
  public static final String LINEAGE = "portage_lineage";

  /** Who approved it, comma separated. */
  public static final String APPROVED_BY = "portage_approved_by";

  /**
   * On a version that a promotion made the champion: {@link #LIVE}, or {@link #SUPERSEDED} if a
   * newer release had replaced it before this was written. If it is there, the promotion has
   * released.
   */
  public static final String RELEASE = "portage_release";

  /** Value of {@link #RELEASE}: it was the champion when this was written. */
  public static final String LIVE = "live";

  /** Value of {@link #RELEASE}: it was the champion, and is not any more. */
  public static final String SUPERSEDED = "superseded";

  private Tags() {}

  /** Whether the tags of a version say that it was released, whatever became of it since. */
  public static boolean recordRelease(Map<String, String> tags) {
    return tags.containsKey(RELEASE);
  }
}
