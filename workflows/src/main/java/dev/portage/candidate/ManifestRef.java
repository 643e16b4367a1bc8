package dev.portage.candidate;

/**
 * A manifest by its digest; the manifest itself is an artifact, since history holds no long lists.
 *
 * @param digest SHA-256 of the manifest's canonical form, as 64 hex digits
 * @param artifactUri where the manifest is stored, in the workspace that the candidate was trained
 *     in
 * @param files number of files
 * @param bytes their size together
 */
public record ManifestRef(String digest, String artifactUri, long files, long bytes) {

  /** The digest as people read it aloud: its first 12 digits. */
  public String shortDigest() {
    return digest.substring(0, 12);
  }
}
