namespace CreditUsage.Domain.Auditing;

/// <summary>What is written into the audit. The numbers are stored and hashed: they never change.</summary>
public enum AuditAction
{
    SignIn = 1,
    SignInFailed = 2,
    Lock = 3,
    Unlock = 4,
    SignOut = 5,
    Run = 10,
    View = 11,
    Export = 12,
    Save = 13,
    Remove = 14,
    Deliver = 15,
    Import = 20,
    ApiIngest = 21,
    Charge = 22,
    Schedule = 23,
    Correction = 24,
    Price = 30,
    Ledger = 31,
    Proof = 32,
    Close = 40,
    Reopen = 41,
    Key = 50,
    User = 51,
    Setting = 52,
}
