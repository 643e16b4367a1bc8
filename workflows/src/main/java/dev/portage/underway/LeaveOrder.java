package dev.portage.underway;

/**
 * Order to sign a promotion off.
 *
 * @param workspace last workspace of its path
 * @param model full name of the registered model there
 * @param left the promotion, and how it ended
 */
public record LeaveOrder(String workspace, String model, Left left) {}
