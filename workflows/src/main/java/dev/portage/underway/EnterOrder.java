package dev.portage.underway;

/**
 * Order to announce a promotion.
 *
 * @param workspace last workspace of its path
 * @param model full name of the registered model there
 * @param contender the promotion
 */
public record EnterOrder(String workspace, String model, Contender contender) {}
