package dev.portage.start;

import dev.portage.checkout.Checkout;
import dev.portage.settings.PromotionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files beside a {@code promotion.yaml} that count as parts of it, as its own text is
 * read: from the commit, or from the working copy for a plan.
 *
 * @param folder of the promotion.yaml
 * @param here the checkout around it; null for none
 * @param commit full id; null for none
 * @param asCommitted whether the commit's counts, and not the working copy's
 * @param unchanged whether the working copy has to say the same as the commit
 */
record PartFile(
    Path folder,
    @Nullable Checkout here,
    @Nullable String commit,
    boolean asCommitted,
    boolean unchanged) {

  /**
   * The text of one.
   *
   * @param value name of the value that names it, as "batch.settings"
   * @param path of the file below the folder
   * @param fileName how messages name it
   * @throws StartException where it is not there, changed since, or no text
   */
  String text(PromotionFile promotion, String value, String path, String fileName) {
    Checkout checkout = here;
    String id = commit;
    if (checkout == null || id == null || !asCommitted) {
      return TextFile.utf8(fileName, inFolder(promotion, value, path));
    }
    CommittedFile committed = new CommittedFile(checkout, path, fileName, id);
    return TextFile.utf8(fileName, unchanged ? committed.unchanged() : committed.bytes());
  }

  private byte[] inFolder(PromotionFile promotion, String value, String path) {
    try {
      return Files.readAllBytes(folder.resolve(path));
    } catch (IOException e) {
      throw new StartException(
          List.of(
              promotion.error(
                  value,
                  value + " names " + path + ", which can't be read in the working copy",
                  "create it, or correct the name")));
    }
  }
}
