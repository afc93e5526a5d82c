import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const webhookProblems = {
  unknown: (id: string) => unknownSubject('webhook', id),
  deliveryUnknown: (id: string) => unknownSubject('webhook-delivery', id),
  disabled: () =>
    new ProblemError(409, 'webhook-disabled', 'This webhook is switched off. Maybe set its state to active first.'),
  underWay: () => new ProblemError(409, 'delivery-under-way', 'This delivery still has attempts before it.'),
}
