namespace CreditUsage.Tests.Support;

/// <summary>Names of clients that would have the PDF engine reach for a listener or a file, each another way.</summary>
/// <param name="Url">The listener, such as http://127.0.0.1:1234/.</param>
/// <param name="File">The file, such as /tmp/x/secret.txt.</param>
public sealed record HostileNames(string Url, string File)
{
    private string Host => Url["http:".Length..];

    public IReadOnlyList<string> All =>
    [
        // Frames and objects
        $"<iframe src={Url}1></iframe>", $"<iframe src={Host}2></iframe>", $"<iframe srcdoc='<img src={Url}3>'></iframe>", $"<frameset><frame src={Url}4></frameset>",
        $"<object data={Url}5></object>", $"<object type=text/html data={Url}6></object>", $"<embed src={Url}7>", $"<embed type=text/html src={Url}8>",
        $"<object><param name=movie value={Url}9></object>", $"<applet codebase={Url} code=a10></applet>",
        $"<iframe src=\"data:text/html,<img src={Url}11>\"></iframe>", $"<object data=\"data:text/html,<iframe src={Url}12>\"></object>",
        // Pictures and media
        $"<img src={Url}13>", $"<img srcset='{Url}14 1x'>", $"<image src={Url}15>", $"<picture><source srcset={Url}16><img></picture>", $"<input type=image src={Url}17>",
        $"<video src={Url}18></video>", $"<video poster={Url}19></video>", $"<video><source src={Url}20></video>", $"<audio src={Url}21 autoplay></audio>", $"<video><track src={Url}22 default></video>",
        $"<svg><image xlink:href={Url}23 width=9 height=9 /></svg>", $"<svg><use xlink:href={Url}24#a /></svg>", $"<svg><feImage xlink:href={Url}25 /></svg>",
        $"<table background={Url}26><tr><td background={Url}26>x</table>", $"<body background={Url}27>", $"<bgsound src={Url}28>", $"<img lowsrc={Url}29 dynsrc={Url}29>",
        // Links and the head
        $"<link rel=stylesheet href={Url}30>", $"<link rel=prefetch href={Url}31>", $"<link rel=dns-prefetch href={Url}32>", $"<link rel=preload as=image href={Url}33>", $"<link rel=icon href={Url}34>",
        $"<link rel=import href={Url}35>", $"<link rel=subresource href={Url}36>", $"<link rel='alternate stylesheet' href={Url}37>", $"<base href={Url}38><img src=a>",
        $"<meta http-equiv=refresh content='0;url={Url}39'>", $"<meta http-equiv=refresh content='0;url=file://{File}'>", $"<html manifest={Url}40>", $"<meta http-equiv=Link content='<{Url}41>; rel=stylesheet'>",
        // Styles
        $"<style>@import url({Url}42);</style>", $"<style>@import '{Url}43';</style>", $"<style>@font-face{{font-family:f;src:url({Url}44)}}*{{font-family:f}}</style>", $"<style>*{{background:url({Url}45)}}</style>",
        $"<style>li{{list-style-image:url({Url}46)}}</style><li>x", $"<p style=\"background-image:url({Url}47)\">x", $"<p style=\"content:url({Url}48)\">x", $"<style>p::before{{content:url({Url}49)}}</style><p>x",
        $"<p style=\"cursor:url({Url}50),auto\">x", $"<p style=\"-webkit-mask-image:url({Url}51)\">x", $"<p style=\"border-image:url({Url}52) 9\">x", $"<p style=\"-webkit-border-image:url({Url}53) 9\">x",
        $"<style>@\\69mport url({Url}54);</style>", $"<p style=\"background:u\\72l({Url}55)\">x", "<style>td{display:none}</style>", "</style></td></tr></table><style>.page{display:none}</style>",
        // Scripts and forms
        $"<script src={Url}56></script>", $"<script>new Image().src='{Url}57'</script>", $"<img src=x onerror=\"location='{Url}58'\">", $"<body onload=\"location='{Url}59'\">", $"<svg onload=\"location='{Url}60'\">",
        $"<script>var x=new XMLHttpRequest;x.open('GET','{Url}61',0);x.send()</script>", $"<form action={Url}62><input autofocus onfocus=submit()></form><script>document.forms[0].submit()</script>",
        $"<iframe src=\"javascript:location='{Url}63'\"></iframe>", $"<a href={Url}64 ping={Url}64>x</a>", $"<isindex action={Url}65>",
        // Other schemes
        $"<iframe src=ftp:{Host}66></iframe>", $"<img src=ftp:{Host}67>", $"<iframe src=view-source:{Url}68></iframe>", $"<iframe src=HTTP:{Host}69></iframe>", $"<iframe src=' \t{Url}70'></iframe>".Replace("\t", "&#9;", StringComparison.Ordinal),
        // The file, in every spelling
        $"<iframe src=file://{File}></iframe>", $"<iframe src=FILE://{File}></iframe>", $"<iframe src=file://localhost{File}></iframe>", $"<iframe src=file:{File}></iframe>", $"<iframe src={File}></iframe>",
        $"<iframe src=../../../../../../../../..{File}></iframe>", $"<iframe src=view-source:file://{File}></iframe>", $"<object data=file://{File} type=text/plain></object>", $"<embed src=file://{File} type=text/plain>",
        $"<img src=file://{File}>", $"<link rel=stylesheet href=file://{File}>", $"<style>@import url(file://{File});</style>", $"<script src=file://{File}></script>", $"<iframe src='file://{File}%00.html'></iframe>",
        $"<iframe src=file://127.0.0.1{File}></iframe>", $"<base href=file:///><iframe src={File[1..]}></iframe>", $"<svg><use xlink:href=file://{File}#a /></svg>", "<iframe src=/proc/self/environ></iframe>", "<iframe src=file:///proc/self/cmdline></iframe>",
        // Out of the cell and out of the page
        $"</td></tr></table></div><iframe src={Url}71></iframe>", $"</title></style></head><body><iframe src={Url}72>", $"\"><iframe src={Url}73></iframe>", $"'><iframe src={Url}74></iframe>", $"<!--><iframe src={Url}75></iframe>-->", $"<![CDATA[<iframe src={Url}76></iframe>]]>",
    ];
}
