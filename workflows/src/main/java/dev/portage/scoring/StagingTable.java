package dev.portage.scoring;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of tables that the run of one promotion writes: beside the live table, in its schema, so
 * that whoever may write the one may write the other. Pure: the same attempt has the same table.
 */
public final class StagingTable {

  /** Ends the key of an attempt whose table the champion writes, to be compared with. */
  public static final String OF_CHAMPION = "#champion";

  /** Tells these tables from all others: nothing else is ever dropped. */
  private static final String MARK = "__portage_";

  /** Longest name of a table in Unity Catalog. */
  private static final int LONGEST = 255;

  private static final int LONGEST_KEY = 40;

  /** A step is hardly ever repeated; a table of a later attempt than these stays. */
  private static final int MOST_ATTEMPTS = 100;

  /** An underscore and a hash, after a promotion's key. */
  private static final int HASH = 9;

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
    return live.substring(0, dot) + beginning(live.substring(dot), end) + end;
  }

  private static String beginning(String name, String end) {
    return name.substring(0, Math.min(name.length(), LONGEST - end.length()));
  }

  /**
   * Which promotion a table is of: the one whose own attempts make this name.
   *
   * @param table its full name
   * @param live full name of the live table beside it
   * @param promotions how the workflow ids of the model's promotions begin, as {@code
   *     promotion/churn/}
   * @param workspace where it is
   * @return empty if none of them does
   */
  public static Optional<String> promotionOf(
      String table, String live, String promotions, String workspace) {
    int mark = table.lastIndexOf(MARK) + MARK.length();
    if (mark < MARK.length() || table.length() - HASH <= mark) {
      return Optional.empty();
    }
    String key = table.substring(mark, table.length() - HASH).replace('_', '/');
    String promotion = promotions + key;
    return Stream.of("rehearse", workspace + "/batch")
            .flatMap(step ->
                IntStream.rangeClosed(1, MOST_ATTEMPTS)
                    .mapToObj(attempt -> promotion + "#" + step + "#" + attempt))
            .flatMap(attempt -> Stream.of(attempt, attempt + OF_CHAMPION))
            .anyMatch(attempt -> of(live, key, attempt).equalsIgnoreCase(table))
        ? Optional.of(promotion)
        : Optional.empty();
  }

  /** A pattern of SQL's LIKE for tables, with * for any text, which the names beside it match. */
  public static String pattern(String live) {
    String name = live.substring(live.lastIndexOf('.') + 1);
    return beginning(name, MARK + "x".repeat(LONGEST_KEY) + "_00000000") + "*" + MARK + "*";
  }

  /** Whether it is the name of such a table. */
  public static boolean isOne(String table) {
    return List.of(table.split("\\.", -1)).getLast().contains(MARK);
  }
}
