package dev.portage.scoring;

import java.util.List;

/**
 * Names of tables that the run of one promotion writes: beside the live table, in its schema, so
 * that whoever may write the one may write the other. Pure: the same attempt has the same table.
 */
public final class StagingTable {

  /** Tells these tables from all others: nothing else is ever dropped. */
  private static final String MARK = "__portage_";

  /** Longest name of a table in Unity Catalog. */
  private static final int LONGEST = 255;

  private static final int LONGEST_KEY = 40;

  private StagingTable() {}

  /**
   * The table of one attempt.
   *
   * @param live full name of the live table, in one to three parts
   * @param promotion key of the promotion, for people
   * @param attempt key of the attempt, by which the names of two attempts differ
   */
  public static String of(String live, String promotion, String attempt) {
    String key = promotion.replaceAll("[^A-Za-z0-9]+", "_");
    String end =
        MARK
            + key.substring(0, Math.min(LONGEST_KEY, key.length()))
            + "_"
            + String.format("%08x", attempt.hashCode());
    int dot = live.lastIndexOf('.') + 1;
    String name = live.substring(dot);
    return live.substring(0, dot)
        + name.substring(0, Math.min(name.length(), LONGEST - end.length()))
        + end;
  }

  /** Whether it is the name of such a table. */
  public static boolean isOne(String table) {
    return List.of(table.split("\\.", -1)).getLast().contains(MARK);
  }
}
