package dev.portage.localworkspace.rights;

/** What a token may be used for. */
public enum Right {
  /** See jobs and runs. */
  JOBS_VIEW("jobs.view"),
  /** Make, change and delete jobs; start and cancel runs. */
  JOBS_MANAGE("jobs.manage"),
  /** Do with every job what its owner may, as an admin of the workspace. */
  JOBS_ALL("jobs.all"),
  /** See instance pools and put clusters on them. */
  POOLS_USE("pools.use"),
  /** Run SQL statements. */
  SQL_USE("sql.use"),
  /** Read files of volumes. */
  FILES_READ("files.read"),
  /** Write and delete files of volumes; includes reading. */
  FILES_WRITE("files.write"),
  /** Read experiments, runs, models and artifacts. */
  REGISTRY_READ("registry.read"),
  /** Change experiments, runs, models and artifacts. */
  REGISTRY_WRITE("registry.write"),
  /** Read models of Unity Catalog and their files: EXECUTE there. */
  MODELS_EXECUTE("models.execute"),
  /**
   * Make models and versions in Unity Catalog: CREATE MODEL and CREATE MODEL VERSION there;
   * includes reading.
   */
  MODELS_CREATE("models.create"),
  /**
   * Make serving endpoints. What a login may do with one that exists depends on the endpoint's
   * permissions.
   */
  SERVING_CREATE("serving.create");

  private final String word;

  Right(String word) {
    this.word = word;
  }

  /** The word for it in messages, such as {@code jobs.manage}. */
  public String word() {
    return word;
  }
}
