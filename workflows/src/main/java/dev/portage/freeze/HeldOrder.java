package dev.portage.freeze;

/**
 * Order to tell a promotion when the freezes of a workspace are ended early.
 *
 * @param workspace which is frozen
 * @param held the promotion
 */
public record HeldOrder(String workspace, Held held) {}
