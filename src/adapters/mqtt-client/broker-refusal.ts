/** The broker answered that it will not have us; trying again helps nothing. */
export class BrokerRefusal extends Error {
  override readonly name = 'BrokerRefusal'
}
