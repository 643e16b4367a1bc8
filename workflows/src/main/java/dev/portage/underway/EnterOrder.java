package dev.portage.underway;

/**
 * Order to announce a promotion.
 *
 * @param workspace last workspace of its path
 * @param model full name of the registered model there
 * @param contender the promotion
 * @param occasion at which it comes, such as "start": at another one it is asked anew
 */
public record EnterOrder(String workspace, String model, Contender contender, String occasion) {}
