namespace CreditUsage.Platform;

/// <summary>Holds a section of the configuration to the properties of its options: a misspelt setting must not pass for a default.</summary>
internal static class KnownSettings
{
    /// <exception cref="UserFacingException">A setting is not known; the message has its whole name.</exception>
    public static void Check(IConfigurationSection section, Type options)
    {
        foreach (var setting in section.GetChildren())
        {
            var property = options.GetProperties().FirstOrDefault(property => property.CanWrite && string.Equals(property.Name, setting.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new UserFacingException($"There is no setting {setting.Path}. The README lists those there are.");
            if (property.PropertyType.Namespace == typeof(CreditUsageOptions).Namespace && property.PropertyType.IsClass) Check(setting, property.PropertyType);
        }
    }
}
