#include "objects/xml.h"

#include <gtest/gtest.h>

namespace pawl::objects {
namespace {

TEST(xml, reads_elements_and_their_texts) {
  const auto root = parse_xml(
      "<?xml version=\"1.0\"?>\n<!-- a list --><List xmlns=\"http://s3\"><Name>b &amp; c</Name>"
      "<Item><Key>one</Key></Item><Item><Key>&quot;two&quot;</Key><Empty/></Item></List>");
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->name, "List");
  EXPECT_EQ(root->text_of("Name"), "b & c");
  ASSERT_EQ(root->children.size(), 3u);
  EXPECT_EQ(root->children[2].text_of("Key"), "\"two\"");
  EXPECT_EQ(root->children[2].find("Empty")->text, "");
  EXPECT_EQ(root->find("None"), nullptr);
}

TEST(xml, is_nothing_where_it_is_torn) {
  for (const char* text : {"", "no xml", "<a>", "<a><b></b>", "<a"})
    EXPECT_FALSE(parse_xml(text).has_value()) << text;
}

}  // namespace
}  // namespace pawl::objects
