package dev.portage.gate;

import dev.portage.plan.Plan;

/**
 * Gates to be asked, and the plan that the answers are bound to.
 *
 * @param input what the gates look at
 * @param candidateDigest digest of the candidate's manifest
 * @param plan what will be done
 */
public record EvaluationOrder(GateInput input, String candidateDigest, Plan plan) {}
