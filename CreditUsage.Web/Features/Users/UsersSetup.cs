namespace CreditUsage.Features.Users;

public static class UsersSetup
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddScoped<UserList>();
        services.AddScoped<InviteUser>();
        services.AddScoped<ChangeUser>();
        services.AddScoped<RequireTwoFactor>();
    }
}
