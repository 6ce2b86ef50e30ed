using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;

namespace CreditUsage.Tests.Rules;

/// <summary>
/// Which folder of CreditUsage.Web names which other, and where: by the types that the compiled code uses (views are compiled into their folder's
/// namespace), by using lines, and by the paths of views. A folder is written as its namespace without the product's name: "Core.Report".
/// </summary>
internal sealed partial class FolderGraph
{
    private const string Product = "CreditUsage";
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);
    private readonly Dictionary<(string From, string To), string> _edges = [];

    private FolderGraph()
    {
    }

    /// <summary>Each pair of folders of which the first names the second, with one place that does.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Edges => _edges;

    public static FolderGraph Read()
    {
        var graph = new FolderGraph();
        foreach (var type in typeof(Composition).Assembly.GetTypes().Where(type => FolderOf(type) is not null)) graph.AddType(type);
        foreach (var file in WebSources.All) graph.AddSource(file);
        return graph;
    }

    /// <summary>Folders that can be reached from each other; none where the graph has no cycle.</summary>
    public IReadOnlyList<string> Cycles()
    {
        var next = _edges.Keys.ToLookup(edge => edge.From, edge => edge.To);
        var reached = _edges.Keys.Select(edge => edge.From).Distinct().ToDictionary(folder => folder, folder => Reachable(folder, next));
        return [.. _edges.Where(edge => reached.TryGetValue(edge.Key.To, out var back) && back.Contains(edge.Key.From)).Select(edge => $"{edge.Key.From} -> {edge.Key.To} ({edge.Value})")];
    }

    private static HashSet<string> Reachable(string from, ILookup<string, string> next)
    {
        var (found, waiting) = (new HashSet<string>(), new Queue<string>([from]));
        while (waiting.TryDequeue(out var folder))
            foreach (var other in next[folder])
                if (found.Add(other)) waiting.Enqueue(other);
        return found;
    }

    private void AddType(Type type)
    {
        var named = new HashSet<Type>();
        Add(named, type.BaseType);
        foreach (var other in type.GetInterfaces()) Add(named, other);
        foreach (var field in type.GetFields(Declared)) Add(named, field.FieldType);
        foreach (var attribute in type.GetCustomAttributesData()) Add(named, attribute.AttributeType);
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared))) AddMethod(named, method);
        foreach (var other in named)
            if (FolderOf(other) is { } to) AddEdge(FolderOf(type)!, to, $"{type.Name} uses {other.Name}");
    }

    private static void AddMethod(HashSet<Type> named, MethodBase method)
    {
        foreach (var parameter in method.GetParameters()) Add(named, parameter.ParameterType);
        foreach (var attribute in method.GetCustomAttributesData()) Add(named, attribute.AttributeType);
        if (method is MethodInfo { ReturnType: var answer }) Add(named, answer);
        if (method.GetMethodBody() is not { } body) return;
        foreach (var local in body.LocalVariables) Add(named, local.LocalType);
        foreach (var token in Tokens(body.GetILAsByteArray()!)) AddMember(named, Resolve(method, token));
    }

    private static void AddMember(HashSet<Type> named, MemberInfo? member)
    {
        if (member is Type type) Add(named, type);
        else Add(named, member?.DeclaringType);
        if (member is MethodInfo { IsGenericMethod: true } generic)
            foreach (var argument in generic.GetGenericArguments()) Add(named, argument);
    }

    private static void Add(HashSet<Type> named, Type? type)
    {
        if (type is null || !named.Add(type)) return;
        if (type.HasElementType) Add(named, type.GetElementType());
        if (type.IsGenericType)
            foreach (var argument in type.GetGenericArguments()) Add(named, argument);
    }

    /// <summary>The members that a method's code names.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var operation = Codes[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok) yield return BitConverter.ToInt32(code, at);
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token, method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);

    private void AddSource(WebSource source)
    {
        // What all views share names every folder that any of them uses; which view does is seen in its code.
        if (!source.Path.EndsWith("_ViewImports.cshtml", StringComparison.Ordinal))
            foreach (Match used in Usings().Matches(source.Text)) AddEdge(source.Folder, used.Groups[1].Value, $"{source.Path} is using it");
        foreach (Match view in Views().Matches(source.Text)) AddEdge(source.Folder, view.Groups[1].Value.Replace('/', '.'), $"{source.Path} shows {view.Value}");
    }

    private void AddEdge(string from, string to, string where)
    {
        if (from != to) _edges.TryAdd((from, to), where);
    }

    /// <summary>Null for what is not the site's own, and for what the compiler makes for the whole assembly.</summary>
    private static string? FolderOf(Type type)
    {
        var own = type.Assembly == typeof(Composition).Assembly && type.Namespace is { } name && (name == Product || name.StartsWith(Product + ".", StringComparison.Ordinal));
        return own ? type.Namespace!.Length == Product.Length ? "" : type.Namespace[(Product.Length + 1)..] : null;
    }

    [GeneratedRegex(@"^@?using (?:static )?CreditUsage\.([\w.]+);?", RegexOptions.Multiline, 1000)]
    private static partial Regex Usings();

    [GeneratedRegex(@"(?<=[""'])/((?:Features|Core|Areas)/[\w/]*\w)/\w+\.cshtml", RegexOptions.None, 1000)]
    private static partial Regex Views();
}
