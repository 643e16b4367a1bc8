package dev.portage.copy;

/**
 * What a store was found to be able to do when it is read.
 *
 * @param way how bytes come, in words for people, as "through the MLflow server"
 * @param ranges whether a part of a file can be asked for; without it a file comes from its start
 * @param lengths whether it says beforehand how long an answer is
 */
public record ReadAbilities(String way, boolean ranges, boolean lengths) {

  /** All of it in a few words. */
  public String shown() {
    return way
        + (ranges ? ", in ranges" : ", whole files")
        + (lengths ? "" : ", no Content-Length");
  }
}
