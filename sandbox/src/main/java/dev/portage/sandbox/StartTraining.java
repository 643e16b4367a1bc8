package dev.portage.sandbox;

/**
 * Starts what every command starts, then ends. The launcher runs it once after a build and keeps
 * the classes as loaded for the commands to come.
 */
public final class StartTraining {

  private StartTraining() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    System.out.println("trained");
  }
}
