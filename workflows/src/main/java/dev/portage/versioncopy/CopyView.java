package dev.portage.versioncopy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The state of a copy of one version.
 *
 * @param id its workflow id
 * @param phase what is being done
 * @param from workspace that holds the version
 * @param model its full name there, null until the platform file was read
 * @param version its number there, null until it has been read
 * @param to target workspace
 * @param toModel full name there, null until the platform file was read
 * @param toVersion its number there, null before it is registered
 * @param runId run in the target that holds the files, null before the copy
 * @param files number of files, null until they were counted
 * @param bytes their size together, null until they were counted
 * @param sentBytes bytes that were sent in the end; 0 when all were there. Null before
 * @param digest of the manifest, null until it exists
 * @param methods by what ways it went, in one line, null before
 * @param page where people see the version in the target, or the run while there is none
 */
public record CopyView(
    String id,
    Phase phase,
    String from,
    @Nullable String model,
    @Nullable String version,
    String to,
    @Nullable String toModel,
    @Nullable String toVersion,
    @Nullable String runId,
    @Nullable Long files,
    @Nullable Long bytes,
    @Nullable Long sentBytes,
    @Nullable String digest,
    @JsonProperty("ways") @Nullable String methods,
    @Nullable URI page) {

  /** One to be filled in: of these, none may be missing. */
  public static CopyViewBuilder of(String id, Phase phase, String from, String to) {
    return new CopyViewBuilder(id, phase, from, to);
  }

  /** The parts of a copy, in order. */
  public enum Phase {
    /** Finding the version, its files and the two workspaces. */
    LOOKING,
    /** Reading every file once, for a manifest. */
    DIGESTING,
    COPYING,
    REGISTERING,
    DONE,
    /** A dry run has dry run; nothing was changed. */
    LOOKED
  }
}
