namespace CreditUsage.Data;

/// <summary>Where a delivery stands. The numbers are stored: they never change.</summary>
public enum DeliveryState
{
    Waiting = 1,
    Sent = 2,
    GivenUp = 3,
}
