namespace CreditUsage.Core.Demo;

/// <summary>What invented people and programs are called.</summary>
internal static class DemoNames
{
    public static readonly string[] First =
    [
        "Amelia", "Anwen", "Arjun", "Beth", "Callum", "Chiara", "Daniel", "Dilys", "Ewan", "Farah", "Gareth", "Harriet", "Imogen", "Ioan", "Jasmine", "Kofi",
        "Laura", "Malik", "Marta", "Nia", "Oisín", "Olivia", "Priya", "Rhian", "Samuel", "Siân", "Tomasz", "Una", "Victor", "Wanda", "Zoë", "Yan",
    ];

    public static readonly string[] Last =
    [
        "Ahmed", "Barker", "Bevan", "Carter", "Chowdhury", "Davies", "Doyle", "Evans", "Fletcher", "Griffin", "Hughes", "Iqbal", "Jenkins", "Kelly", "Kowalska", "Lloyd",
        "Mensah", "Morgan", "Nowak", "O’Neill", "Parry", "Price", "Quinn", "Rees", "Sharma", "Stone", "Taylor", "Vaughan", "Walsh", "Watkins", "Young", "Zhang",
    ];

    public static readonly string[] Programs =
    [
        "Anxiety Relief", "Back and Neck", "Calm Sleep", "Chronic Pain", "Concentration", "Deep Relaxation", "Digestive Comfort", "Grief and Loss", "Headache and Migraine",
        "Immune Support", "Joint Mobility", "Mood Balance", "Recovery after Surgery", "Smoking Cessation", "Sports Recovery", "Stress and Burnout", "Tinnitus", "Trauma and PTSD",
    ];
}
