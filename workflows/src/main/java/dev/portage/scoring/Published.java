package dev.portage.scoring;

import java.util.List;

/**
 * What publishing a batch came to.
 *
 * @param created whether it made the live table
 * @param added columns that the batch has and the live table lacked, which it has since
 */
public record Published(Boolean created, List<String> added) {

  public Published {
    added = List.copyOf(added);
  }
}
