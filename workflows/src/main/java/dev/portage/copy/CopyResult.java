package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.candidate.ModelLocation;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The result of a copy.
 *
 * @param model where the files are in the target
 * @param digest digest of what was read back from the target; equal to the candidate's
 * @param files files that the target holds
 * @param bytes their size together
 * @param sentBytes bytes that this copy sent; 0 if everything was already there
 * @param page where people see the target's run, null when unknown
 * @param methods by what ways, null when unknown
 */
public record CopyResult(
    ModelLocation model,
    String digest,
    long files,
    long bytes,
    long sentBytes,
    @Nullable URI page,
    @JsonProperty("ways") @Nullable CopyMethods methods) {

  /** A copy of which nobody knows the ways. */
  public CopyResult(
      ModelLocation model,
      String digest,
      long files,
      long bytes,
      long sentBytes,
      @Nullable URI page) {
    this(model, digest, files, bytes, sentBytes, page, null);
  }
}
