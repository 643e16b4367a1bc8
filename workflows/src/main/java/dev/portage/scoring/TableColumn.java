package dev.portage.scoring;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table that predictions are published into.
 *
 * @param name as the table has it; names match case-insensitively
 * @param type in the engine's words, such as {@code decimal(10,2)}
 * @param required whether it takes no null
 * @param computed how the table computes it by itself, such as {@code GENERATED ALWAYS AS
 *     IDENTITY}; null for a column that is written
 */
public record TableColumn(String name, String type, Boolean required, @Nullable String computed) {

  /** A column that takes any value of its type. */
  public TableColumn(String name, String type) {
    this(name, type, false, null);
  }

  /** Whether the table numbers its rows by it, so that no statement may write it. */
  public boolean isIdentity() {
    return computed != null && computed.contains("IDENTITY");
  }
}
